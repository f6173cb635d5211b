import {
  dealSchema, Failure, formatDecimal, orderStatusSchema, parseMoney, type ContactFields, type Deal, type DealFields, type Money,
} from '@crossdock/contracts';
import { z } from 'zod';

const contactValueSchema = z.object({ value: z.string(), primary: z.boolean().nullish(), label: z.string().nullish() });

/** A person as version 2 answers it. */
export const personSchema = z.object({
  id: z.int().positive(),
  name: z.string().nullish(),
  emails: z.array(contactValueSchema).nullish(),
  phones: z.array(contactValueSchema).nullish(),
  is_deleted: z.boolean().default(false),
});
export type Person = z.infer<typeof personSchema>;

/** A deal as version 2 answers it. */
export const pipedriveDealSchema = z.object({
  id: z.int().positive(),
  title: z.string().nullish(),
  value: z.number().nullish(),
  currency: z.string().nullish(),
  status: z.string(),
  stage_id: z.int().nullish(),
  person_id: z.int().nullish(),
  update_time: z.string().nullish(),
  add_time: z.string(),
  won_time: z.string().nullish(),
  lost_time: z.string().nullish(),
  close_time: z.string().nullish(),
  is_deleted: z.boolean().default(false),
  participants_count: z.int().nullish(),
  custom_fields: z.record(z.string(), z.unknown()).default({}),
});
export type PipedriveDeal = z.infer<typeof pipedriveDealSchema>;

/** Every address of a person, in small letters. */
export function emailsOf({ emails }: Person): string[] {
  return (emails ?? []).map(({ value }) => value.trim().toLowerCase());
}

/** A person that is made: one without a name goes by the address. */
export function toNewPerson(fields: ContactFields & { email: string }): Record<string, unknown> {
  const email = fields.email.toLowerCase();
  return {
    name: nameOf(fields) ?? email,
    emails: [{ value: email, primary: true, label: 'work' }],
    ...(fields.phone !== undefined && { phones: [{ value: fields.phone, primary: true, label: 'work' }] }),
  };
}

/**
 * What a person lacks of what is known of him. A list that is written replaces the one that was there, so that numbers
 * are added to those he has; a name that people gave stays unless both parts of another one are known.
 * @returns undefined where he lacks nothing.
 */
export function toPersonChange(person: Person, fields: ContactFields & { email: string }): Record<string, unknown> | undefined {
  const name = nameOf(fields);
  const isWholeName = fields.firstName !== undefined && fields.lastName !== undefined;
  const isPlaceholder = emailsOf(person).includes((person.name ?? '').toLowerCase());
  const phones = person.phones ?? [];
  const change = {
    ...(name !== undefined && name !== person.name && (isWholeName || isPlaceholder) && { name }),
    ...(fields.phone !== undefined && !phones.some(({ value }) => digits(value) === digits(fields.phone ?? '')) && {
      phones: [...phones.filter(({ value }) => value !== ''), { value: fields.phone, primary: phones.length === 0, label: 'work' }],
    }),
  };
  return Object.keys(change).length === 0 ? undefined : change;
}

function nameOf({ firstName, lastName }: ContactFields): string | undefined {
  const name = [firstName, lastName].filter((part) => part !== undefined && part !== '').join(' ').slice(0, 255);
  return name === '' ? undefined : name;
}

function digits(phone: string): string {
  return phone.replace(/[^\d+]/g, '');
}

/** Under which codes the hub's own fields stand in deals. */
export interface DealFieldCodes {
  readonly key: string;
  readonly orderStatus: string;
}

/** A deal as it is sent. An open one that exists keeps the status and stage that people gave it. */
export function toDealBody(externalKey: string, fields: DealFields, { codes, exists }: { readonly codes: DealFieldCodes; readonly exists: boolean }): Record<string, unknown> {
  const decidedAt = fields.closedAt === undefined ? undefined : toSeconds(fields.closedAt);
  return {
    title: fields.name,
    ...(fields.amount && { value: Number(formatDecimal(fields.amount)), currency: fields.amount.currency }),
    ...((!exists || fields.status !== 'open') && { status: fields.status }),
    ...(fields.status === 'won' && decidedAt !== undefined && { won_time: decidedAt }),
    ...(fields.status === 'lost' && decidedAt !== undefined && { lost_time: decidedAt }),
    custom_fields: { [codes.key]: externalKey, ...(fields.orderStatus !== undefined && { [codes.orderStatus]: fields.orderStatus }) },
  };
}

/** Version 2 knows times in whole seconds only and refuses a fraction. */
export function toSeconds(timestamp: string): string {
  return `${timestamp.slice(0, 19)}Z`;
}

export interface DealOrigin {
  readonly connectionId: string;
  /** Of the hub's own fields; those that are absent are not set up in the company. */
  readonly codes: Partial<DealFieldCodes>;
}

/** @returns a Failure `invalid` where Pipedrive holds something that has no canonical form, such as a tenth of a cent. */
export function toDeal(deal: PipedriveDeal, contacts: Deal['contacts'], { connectionId, codes }: DealOrigin): Deal | Failure {
  const status = deal.status === 'won' || deal.status === 'lost' ? deal.status : 'open';
  const amount = amountOf(deal);
  if (amount instanceof Failure) return amount;
  const closedAt = toTimestamp(status === 'won' ? deal.won_time ?? deal.close_time : deal.lost_time ?? deal.close_time);
  const [externalKey, orderStatus] = [codes.key, codes.orderStatus].map((code) => (code === undefined ? undefined : deal.custom_fields[code]));
  // People may write what they like into it.
  const known = orderStatusSchema.safeParse(orderStatus);
  const parsed = dealSchema.safeParse({
    source: { vendor: 'pipedrive', connectionId, externalId: String(deal.id) },
    modifiedAt: toTimestamp(deal.update_time ?? deal.add_time),
    name: deal.title ?? `Deal ${deal.id}`,
    status,
    ...(amount && { amount }),
    ...(status !== 'open' && closedAt !== undefined && { closedAt }),
    ...(known.success && { orderStatus: known.data }),
    ...(deal.stage_id !== undefined && deal.stage_id !== null && { vendorStage: String(deal.stage_id) }),
    ...(typeof externalKey === 'string' && externalKey !== '' && { externalKey }),
    contacts,
  });
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  return new Failure('invalid', `Pipedrive deal ${deal.id} has no canonical form: see its ${field}.`, { record: `pipedrive deal ${deal.id}`, field });
}

function amountOf({ id, value, currency }: PipedriveDeal): Money | Failure | undefined {
  if (value === undefined || value === null || currency === undefined || currency === null) return undefined;
  return parseMoney(value, currency) ?? new Failure('invalid', `The value of Pipedrive deal ${id} is no whole number of minor units of ${currency}.`, {
    record: `pipedrive deal ${id}`, field: 'value',
  });
}

export function toTimestamp(time: string | null | undefined): string | undefined {
  const date = new Date(time ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** A contact as a canonical deal has it: the main address, if it is one. */
export function toDealContact(person: Person): Deal['contacts'][number] {
  const main = person.emails?.find(({ primary }) => primary === true) ?? person.emails?.[0];
  const email = z.email().safeParse(main?.value);
  return { externalId: String(person.id), ...(email.success && { email: email.data }) };
}
