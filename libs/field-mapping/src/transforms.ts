import type { FieldDescription, FieldType, FieldValue } from '@crossdock/contracts';
import { countryCode, countryName } from './country-names.ts';
import type { TransformName } from './field-mapping.ts';

/** Why a value cannot be carried over, as the rest of a sentence that begins with the field. It quotes no value. */
export class Refusal {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Carries one value that is not empty over to the other side; on its way in the record's country may say how it is meant. */
export type Conversion = (value: NonNullable<FieldValue>, country?: string) => FieldValue | Refusal;

/** What a field at the vendor looks like from the canonical side, once its transform has done its work. */
export type ExposedType = FieldType | 'country' | 'hostname' | 'shortened' | 'owner_email';

interface Transform {
  /** Types of vendor fields that it is for, and what they look like through it. */
  readonly types: Readonly<Partial<Record<FieldType, ExposedType>>>;
  readonly build: (field: FieldDescription) => { readonly out: Conversion; readonly in: Conversion };
}

const noText = new Refusal('holds no text.');
/** Wraps what is only for texts. */
const ofText = (convert: (text: string) => FieldValue | Refusal): Conversion => (value) => (typeof value === 'string' ? convert(value) : noText);

/** What stands between a canonical value and the vendor's, by name. */
export const transforms: Readonly<Record<TransformName, Transform>> = {
  country_name: { types: { text: 'country', long_text: 'country', picklist: 'country' }, build: countryNames },
  website: { types: { url: 'hostname', text: 'hostname', long_text: 'hostname' }, build: () => websites },
  owner_email: { types: { owner: 'owner_email' }, build: ownerEmails },
  truncate: {
    types: { text: 'shortened', long_text: 'shortened' },
    build: ({ maxLength }) => ({ out: ofText((text) => truncated(text, maxLength ?? Infinity)), in: (value) => value }),
  },
};

/** A picklist is written by the option that is called like the country; other options of one country are read as well. */
function countryNames({ options }: FieldDescription): ReturnType<Transform['build']> {
  const named = (options ?? []).flatMap(({ value, label, isActive }) => {
    const code = countryCode(value) ?? countryCode(label);
    return code === undefined ? [] : [{ value, code, isActive }];
  });
  const codeOfOption = new Map(named.map(({ value, code }) => [value, code]));
  const optionOfCode = new Map(named.filter(({ isActive }) => isActive).reverse().map(({ value, code }) => [code, value]));
  const noOption = new Refusal('has no active option for this country; add it in the account.');
  const noCountry = new Refusal('holds no country that is known by this name; use its English name or its code of two letters.');
  return {
    out: ofText((code) => (options ? optionOfCode.get(code) ?? noOption : countryName(code) ?? noCountry)),
    in: ofText((name) => codeOfOption.get(name) ?? countryCode(name) ?? noCountry),
  };
}

const noAddress = new Refusal('holds no web address with a host name.');
const websites: ReturnType<Transform['build']> = {
  out: ofText((hostname) => `https://${hostname}`),
  in: ofText((address) => {
    const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address.trim() : `https://${address.trim()}`);
    return url && /^https?:$/.test(url.protocol) && url.username === '' && url.hostname !== '' ? url.hostname.replace(/^www\./, '') : noAddress;
  }),
};

/** Owners that have left stay readable; of several with one e-mail the active one is written. */
function ownerEmails({ options = [] }: FieldDescription): ReturnType<Transform['build']> {
  const emailOfId = new Map(options.filter(({ label }) => label.includes('@')).map(({ value, label }) => [value, label.toLowerCase()]));
  const idOfEmail = new Map(options.filter(({ isActive }) => isActive).reverse().map(({ value, label }) => [label.toLowerCase(), value]));
  const noOwner = new Refusal('has no active owner with this e-mail; invite the person to the account, or give the record another owner.');
  const noEmail = new Refusal('names an owner whose e-mail the account does not tell; he may have left.');
  return {
    out: ofText((email) => idOfEmail.get(email.toLowerCase()) ?? noOwner),
    in: ofText((id) => emailOfId.get(id) ?? noEmail),
  };
}

/** Cut where no character is torn apart; vendors drop spaces at the end, so that none is left there. */
function truncated(text: string, maxLength: number): string | null {
  if (text.length <= maxLength) return text;
  const end = /[\uD800-\uDBFF]/.test(text.charAt(maxLength - 1)) ? maxLength - 1 : maxLength;
  return text.slice(0, end).trimEnd() || null;
}
