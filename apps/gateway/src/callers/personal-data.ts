import { companyFieldsSchema, contactFieldsSchema, dealFieldsSchema } from '@crossdock/contracts';
import type { Caller, TenantScopeName } from '@crossdock/service-tokens';
import { z } from 'zod';

/** What shows names, addresses and numbers of people, beside the scope of the record that they stand in; in the graph it stands with the fields. */
const personalScope: TenantScopeName = 'personal:read';

const personalFields: readonly string[] = ['email', 'phone', 'firstName', 'lastName'];
/** Of the hub's own fields the values may be shown; what a tenant keeps in fields of its own is not known. */
const impersonalFields: ReadonlySet<string> = new Set(
  [contactFieldsSchema, companyFieldsSchema, dealFieldsSchema].flatMap(({ shape }) => Object.keys(shape)).filter((field) => !personalFields.includes(field)));

/** Where people's data stand in answers; `*` is each of a list. */
export const personalPlaces = {
  order: ['order.customer', 'items.*.order.customer'],
  shipment: ['sample.contactEmail', 'shipments.*.sample.contactEmail'],
  contactRecord: personalFields.map((field) => `records.*.fields.${field}`).concat('records.*.custom'),
} as const;

/** An answer as the caller may see it: without the members at these places where the caller may not see people's data. */
export function shownTo({ scopes }: Pick<Caller, 'scopes'>, answer: unknown, places: readonly string[]): unknown {
  return scopes.has(personalScope) ? answer : places.reduce((shown, place) => without(shown, place.split('.')), answer);
}

/** The same for JSON text that goes on as it is, which is read and written anew only where something is left out. */
export function textShownTo(caller: Pick<Caller, 'scopes'>, text: string, places: readonly string[]): string {
  return caller.scopes.has(personalScope) ? text : JSON.stringify(shownTo(caller, JSON.parse(text), places));
}

/** As conflicts and differences of a sync name them. */
const valuesOfFields: ReadonlySet<string> = new Set(['ours', 'theirs', 'expected', 'found']);
const fieldPageSchema = z.looseObject({ items: z.array(z.looseObject({ field: z.string() })) });

/** A page of fields with their values as the caller may see it: of fields that may say something of a person without the members that hold values. */
export function fieldsShownTo({ scopes }: Pick<Caller, 'scopes'>, page: unknown): unknown {
  if (scopes.has(personalScope)) return page;
  const { items, ...rest } = fieldPageSchema.parse(page);
  return { ...rest, items: items.map((item) => (impersonalFields.has(item.field) ? item : Object.fromEntries(Object.entries(item).filter(([name]) => !valuesOfFields.has(name))))) };
}

function without(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined || typeof value !== 'object' || value === null) return value;
  if (name === '*') return Array.isArray(value) ? value.map((item: unknown) => without(item, rest)) : value;
  if (Array.isArray(value) || !(name in value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(rest.length === 0 ? entries.filter(([key]) => key !== name) : entries.map(([key, inner]: [string, unknown]) => [key, key === name ? without(inner, rest) : inner]));
}
