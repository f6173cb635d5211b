import { asFailure, type CrmObject, type Failure } from '@crossdock/contracts';
import { derivedFields, type Likeness, type RecordWrite } from '@crossdock/crm-connector';
import { z } from 'zod';
import { fieldNamesOf } from '../salesforce.field-setup.ts';
import { hubFields, missingFields } from '../salesforce.fields.ts';
import { salesforceLimits } from '../salesforce.limits.ts';
import { externalKeyField } from '../salesforce.mapping.ts';
import { inList } from '../salesforce.query.ts';
import type { SalesforceSession } from '../salesforce.session.ts';
import { portionsOf, queryAllRows } from './composite.ts';
import { namesAccount, sobjectOf } from './object-types.ts';

const stateSchema = z.looseObject({
  Id: z.string(), [externalKeyField]: z.string().nullish(), AccountId: z.string().nullish(), IsClosed: z.boolean().nullish(), IsWon: z.boolean().nullish(),
});
/** What is there already, as far as a write depends on it. */
export type RecordState = z.infer<typeof stateSchema>;

/** Finds the records that writes are for, in as few calls as may be. */
export class WriteStates {
  readonly #byId = new Map<string, RecordState>();
  readonly #byKey = new Map<string, RecordState>();
  /** Records by a field's value, the oldest first. */
  readonly #alike = new Map<string, RecordState[]>();
  /** The key for which each was taken. */
  readonly #adopted = new Map<RecordState, string>();

  /** What a write to a record of this id meets; undefined where there is none, or it was not asked for. */
  ofId(id: string): RecordState | undefined {
    return this.#byId.get(id);
  }

  ofKey(key: string): RecordState | undefined {
    return this.#byKey.get(key.toLowerCase());
  }

  /** The record that shows the first of these likenesses; each is taken for one key only. */
  adopt(key: string, likenesses: readonly Likeness[]): RecordState | undefined {
    for (const { field, value, anyKey, whereEmpty = '' } of likenesses) {
      const found = this.#alike.get(placeOf(field, value))
        ?.find((state) => (anyKey || !state[externalKeyField]) && !state[whereEmpty] && (this.#adopted.get(state) ?? key) === key);
      if (!found) continue;
      this.#adopted.set(found, key);
      return found;
    }
    return undefined;
  }

  static async load(session: SalesforceSession, object: CrmObject, writes: readonly RecordWrite[]): Promise<WriteStates> {
    const columns = ['Id', externalKeyField, ...(namesAccount(object) ? ['AccountId'] : []), ...(object === 'deal' ? ['IsClosed', 'IsWon'] : [])];
    const soql = (field: string, more: readonly string[] = []) => (values: readonly string[]): string =>
      `SELECT ${[...new Set([...columns, field, ...more])].join(', ')} FROM ${sobjectOf[object]} WHERE ${field} IN ${inList(values)} ORDER BY CreatedDate, Id`;
    const ids = writes.flatMap((write) => ('id' in write.target && dependsOnState(write) ? [write.target.id] : []));
    const keyed = writes.flatMap(({ target }) => ('key' in target ? [target] : []));
    const likenesses = keyed.flatMap(({ adoptBy }) => adoptBy ?? []);
    const adopting = Map.groupBy(likenesses, ({ field }) => field);
    const shown = [...adopting.keys(), ...likenesses.flatMap(({ whereEmpty }) => whereEmpty ?? [])];
    const states = new WriteStates();
    const queries = [
      ...portionsOf([...new Set(ids)], salesforceLimits.idsPerSubquery).map(soql('Id')),
      ...portionsOf([...new Set(keyed.map(({ key }) => key))], salesforceLimits.valuesPerSubquery).map(soql(externalKeyField)),
      ...[...adopting].flatMap(([field, wanted]) => portionsOf([...new Set(wanted.map(({ value }) => value))], salesforceLimits.valuesPerSubquery).map(soql(field, shown))),
    ];
    if (queries.length === 0) return states;
    try {
      for (const row of await queryAllRows(session, 'records.lookUp', queries)) states.#add(stateSchema.parse(row), [...adopting.keys()]);
    } catch (thrown) {
      throw asFailure(thrown).kind === 'invalid' ? await ifKeyIsMissing(session, object) ?? thrown : thrown;
    }
    return states;
  }

  #add(row: RecordState, adoptFields: readonly string[]): void {
    // Each query shows it with other fields.
    const state = Object.assign(this.#byId.get(row.Id) ?? row, row);
    this.#byId.set(state.Id, state);
    const key = state[externalKeyField];
    if (key) this.#byKey.set(key.toLowerCase(), state);
    for (const field of adoptFields) {
      const value = row[field];
      if (typeof value !== 'string') continue;
      const alike = this.#alike.get(placeOf(field, value)) ?? [];
      if (!alike.includes(state)) this.#alike.set(placeOf(field, value), [...alike, state]);
    }
  }
}

/** Records wait for the set-up, or for an administrator, where the organisation has no field for the hub's keys. */
async function ifKeyIsMissing({ call }: SalesforceSession, object: CrmObject): Promise<Failure | undefined> {
  const type = sobjectOf[object];
  const present = await fieldNamesOf(call('describe'), type);
  return present.has(externalKeyField) ? undefined : missingFields(hubFields.filter((field) => field.type === type && field.isKey));
}

/** A write by id needs to know what is there where that decides what it writes, or it writes no field by which Salesforce would tell. */
function dependsOnState({ fields, associate = [], dissociate = [] }: RecordWrite): boolean {
  return Object.keys(fields).length === 0 || derivedFields.dealStatus in fields || associate.length > 0 || dissociate.length > 0;
}

function placeOf(field: string, value: string): string {
  return JSON.stringify([field, value.toLowerCase()]);
}
