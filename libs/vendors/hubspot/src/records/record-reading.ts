/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- the SDK's models are shapes that it serialises by name; its documents give them as literals, and its types hold them to the shape. */
import { chunksOf, type CrmRecord, type FieldSelection, type GoneRecord, type RecordRef } from '@crossdock/crm-connector';
import type { CrmObject, FieldDescription } from '@crossdock/contracts';
import { z } from 'zod';
import { guarded, toTimestamp } from '../hubspot.answers.ts';
import { readAssociations } from '../hubspot.associations.ts';
import { hubSpotLimits } from '../hubspot.limits.ts';
import { currencyProperty, externalKeyProperty } from '../hubspot.mapping.ts';
import { derivedDealFields } from './deal-status.ts';
import { fromProperty } from './field-values.ts';
import { callOf, mergedIdsProperty, objectTypes, type HubSpotAccount } from './object-types.ts';

export const hubSpotRecordSchema = z.object({
  id: z.string().min(1),
  updatedAt: z.date(),
  archivedAt: z.date().optional(),
  properties: z.record(z.string(), z.string().nullish()),
  associations: z.record(z.string(), z.object({
    results: z.array(z.object({ id: z.string().min(1) })),
    paging: z.object({ next: z.object({ after: z.string() }).nullish() }).nullish(),
  })).nullish(),
});
export type HubSpotRecord = z.infer<typeof hubSpotRecordSchema>;
export const hubSpotRecordsSchema = z.object({ results: z.array(hubSpotRecordSchema) });

/** Reads selected fields of one kind of record in one account. */
export class RecordReading {
  readonly #account: HubSpotAccount;
  readonly #object: CrmObject;
  readonly #fields: readonly FieldDescription[];
  /** The kinds of records whose ids are told with each. */
  readonly #named: readonly CrmObject[];

  constructor(account: HubSpotAccount, { description, fieldNames, withoutAssociations }: FieldSelection) {
    this.#account = account;
    this.#object = description.object;
    this.#fields = description.fields.filter(({ name }) => fieldNames.includes(name));
    this.#named = withoutAssociations ? [] : objectTypes[description.object].names;
  }

  /** Every property that the selection, and what is always told, is read from. */
  get properties(): string[] {
    const selected = this.#fields.flatMap(({ name, type }) => (
      derivedDealFields[name]?.properties ?? (type === 'money' ? [name, currencyProperty] : [name])
    ));
    return [...new Set([...selected, objectTypes[this.#object].modifiedProperty, externalKeyProperty, mergedIdsProperty])];
  }

  /** Records with what they name, which is asked for unless they carry it. Each page costs a call for each kind that they name. */
  async complete(records: readonly HubSpotRecord[], { carryAssociations }: { readonly carryAssociations: boolean }): Promise<CrmRecord[]> {
    const ends = await Promise.all(this.#named.map(async (to) => this.#ends(records, to, carryAssociations)));
    const accountCurrency = await this.#accountCurrency(records);
    return records.map((record) => ({
      object: this.#object,
      id: record.id,
      modifiedAt: modifiedAtOf(this.#object, record),
      ...keyOf(record),
      mergedFrom: mergedIdsOf(record),
      fields: this.#valuesOf(record, accountCurrency),
      associations: ends.flatMap((of) => of.get(record.id) ?? []),
    }));
  }

  /** The records of these ids, archived ones, and what merges have made of them. */
  async byIds(ids: readonly string[]): Promise<Map<string, CrmRecord | GoneRecord>> {
    const wanted = [...new Set(ids)];
    const present = await this.#batchRead(wanted, { archived: false });
    const found = new Map<string, CrmRecord | GoneRecord>((await this.complete(present.filter(({ id }) => wanted.includes(id)), { carryAssociations: false }))
      .map((record) => [record.id, record]));
    const merged = present.flatMap((record) => this.mergedInto(record)).filter(({ id }) => wanted.includes(id));
    for (const gone of merged) found.set(gone.id, gone);
    const missing = wanted.filter((id) => !found.has(id));
    for (const { id } of await this.#batchRead(missing, { archived: true })) found.set(id, { object: this.#object, id, gone: 'archived' });
    return found;
  }

  /** The records that have gone into this one: their ids lead to it. */
  mergedInto(record: HubSpotRecord): GoneRecord[] {
    return mergedIdsOf(record).map((id) => ({ object: this.#object, id, gone: 'merged', mergedInto: record.id }));
  }

  /** Empty properties are told as null: one that is left out has been taken away since it was described. It and what has no form are not told. */
  #valuesOf({ properties }: HubSpotRecord, accountCurrency: string | undefined): CrmRecord['fields'] {
    return Object.fromEntries(this.#fields.flatMap(({ name, type }) => {
      const [text, currency] = [properties[name], properties[currencyProperty] ?? accountCurrency];
      const derived = derivedDealFields[name];
      if (derived) return [[name, derived.read(properties)]];
      const value = text === undefined ? undefined : fromProperty(type, text, currency);
      return value === undefined ? [] : [[name, value]];
    }));
  }

  async #batchRead(ids: readonly string[], { archived }: { readonly archived: boolean }): Promise<HubSpotRecord[]> {
    const [{ type }, records] = [objectTypes[this.#object], new Map<string, HubSpotRecord>()];
    for (const chunk of chunksOf(ids, hubSpotLimits.objectBatchSize)) {
      const answer = await this.#account.api.objects(callOf(this.#account, `${type}.batchRead`))
        .read(type, { properties: this.properties, propertiesWithHistory: [], inputs: chunk.map((id) => ({ id })) }, archived);
      for (const record of guarded(hubSpotRecordsSchema, answer, `${type}.batchRead`).results) records.set(record.id, record);
    }
    return [...records.values()];
  }

  async #ends(records: readonly HubSpotRecord[], to: CrmObject, carried: boolean): Promise<Map<string, RecordRef[]>> {
    const [from, far] = [objectTypes[this.#object].type, objectTypes[to].type];
    const refs = (ids: readonly string[]) => [...new Set(ids)].sort().map((id) => ({ object: to, id }));
    // A record that carries more than a page of them is asked about apart.
    const asked = records.filter(({ associations }) => !carried || associations?.[far]?.paging?.next);
    const read = await readAssociations(this.#account.api.associations(callOf(this.#account, 'associations.batchRead')), { from, to: far }, asked.map(({ id }) => id));
    return new Map(records.map(({ id, associations }) => [id, refs(read.get(id) ?? associations?.[far]?.results.map((end) => end.id) ?? [])]));
  }

  /** Asked for only where an amount states no currency. */
  async #accountCurrency(records: readonly HubSpotRecord[]): Promise<string | undefined> {
    const amounts = this.#fields.filter(({ type }) => type === 'money').map(({ name }) => name);
    const isNeeded = records.some(({ properties }) => !properties[currencyProperty] && amounts.some((name) => properties[name]));
    return isNeeded ? this.#account.api.companyCurrency(callOf(this.#account, 'account.details')) : undefined;
  }
}

export function modifiedAtOf(object: CrmObject, { properties, updatedAt }: HubSpotRecord): string {
  return toTimestamp(properties[objectTypes[object].modifiedProperty] ?? undefined) ?? updatedAt.toISOString();
}

function mergedIdsOf({ id: ownId, properties }: HubSpotRecord): string[] {
  return (properties[mergedIdsProperty] ?? '').split(';').map((id) => id.trim()).filter((id) => id !== '' && id !== ownId);
}

function keyOf({ properties }: HubSpotRecord): { key?: string } {
  const key = properties[externalKeyProperty];
  return key === null || key === undefined || key === '' ? {} : { key };
}
