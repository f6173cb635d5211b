import { postalAddressSchema, sampleRequestField, type DealState, type PostalAddress } from '@crossdock/contracts';

/**
 * The fields of a deal by which a sample is asked for, by the names that tenants map them under: which kit and how many
 * (`starter` or `3 x starter`), and where it goes. The rest of them may be empty and be filled in by hand.
 */
const sampleFields = {
  wanted: sampleRequestField, campaign: 'sampleCampaign',
  name: 'shippingName', company: 'shippingCompany', street1: 'shippingStreet', street2: 'shippingStreet2', city: 'shippingCity',
  state: 'shippingState', postalCode: 'shippingPostalCode', country: 'shippingCountry', email: 'shippingEmail', phone: 'shippingPhone',
} as const;

/** What a deal asks for. */
export interface WantedSample {
  readonly sku: string;
  readonly quantity: number;
  readonly campaign?: string;
  /** Whole, or absent where a part is missing or does not fit. */
  readonly to?: PostalAddress;
  readonly contactEmail?: string;
  /** The deal's fields that are missing or do not fit. */
  readonly missing: readonly string[];
}

/** Whether the deal's account has a field by which samples are asked for: all others' deals pass shipping by. Of what is no deal nobody knows. */
export function mayAskForSample(deal: unknown): boolean {
  if (typeof deal !== 'object' || deal === null) return true;
  const known = 'known' in deal ? deal.known : [];
  return !Array.isArray(known) || known.includes(sampleFields.wanted);
}

/** Reads what a deal asks for. @returns undefined where it asks for nothing. */
export function wantedSample({ custom = {}, contacts }: Pick<DealState, 'custom' | 'contacts'>): WantedSample | undefined {
  const text = (name: keyof typeof sampleFields): string | undefined => {
    const value = custom[sampleFields[name]];
    return typeof value === 'string' ? value.trim() : undefined;
  };
  const [, count, sku] = /^(?:(\d{1,3})\s*x\s+)?([A-Za-z0-9._-]{1,100})$/.exec(text('wanted') ?? '') ?? [];
  if (sku === undefined) return undefined;
  const { wanted: _wanted, campaign: _campaign, ...parts } = sampleFields;
  const given = Object.fromEntries(keysOf(parts).flatMap((part) => {
    const value = text(part);
    return value === undefined ? [] : [[part, value]];
  }));
  const to = postalAddressSchema.safeParse(given);
  const contactEmail = to.data?.email ?? contacts.find(({ email }) => email !== undefined)?.email;
  const campaign = text('campaign');
  const faults = to.success ? [] : to.error.issues.map(({ path: [part] }) => fieldOf(String(part)));
  return {
    sku, quantity: Math.max(1, Number(count ?? 1)),
    ...(campaign !== undefined && { campaign }),
    ...(to.success && { to: to.data }),
    ...(contactEmail !== undefined && { contactEmail }),
    missing: [...new Set([...faults, ...(contactEmail === undefined ? [sampleFields.email] : [])])],
  };
}

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(record).filter((key): key is Key => key in record);
}

function fieldOf(part: string): string {
  return new Map<string, string>(Object.entries(sampleFields)).get(part) ?? part;
}
