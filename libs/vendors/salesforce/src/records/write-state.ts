import type { CrmObject } from '@crossdock/contracts';
import { derivedFields, type RecordWrite } from '@crossdock/crm-connector';
import { z } from 'zod';
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
  /** Records without a key by a field's value, the oldest first. */
  readonly #adoptable = new Map<string, RecordState[]>();

  /** What a write to a record of this id meets; undefined where there is none, or it was not asked for. */
  ofId(id: string): RecordState | undefined {
    return this.#byId.get(id);
  }

  ofKey(key: string): RecordState | undefined {
    return this.#byKey.get(key.toLowerCase());
  }

  /** Gives a record that has no key to one write only. */
  adopt(field: string, value: string): RecordState | undefined {
    return this.#adoptable.get(placeOf(field, value))?.shift();
  }

  static async load(session: SalesforceSession, object: CrmObject, writes: readonly RecordWrite[]): Promise<WriteStates> {
    const columns = ['Id', externalKeyField, ...(namesAccount(object) ? ['AccountId'] : []), ...(object === 'deal' ? ['IsClosed', 'IsWon'] : [])];
    const soql = (field: string) => (values: readonly string[]): string =>
      `SELECT ${[...new Set([...columns, field])].join(', ')} FROM ${sobjectOf[object]} WHERE ${field} IN ${inList(values)} ORDER BY CreatedDate, Id`;
    const ids = writes.flatMap((write) => ('id' in write.target && dependsOnState(write) ? [write.target.id] : []));
    const keyed = writes.flatMap(({ target }) => ('key' in target ? [target] : []));
    const adopting = Map.groupBy(keyed.flatMap(({ adoptBy }) => adoptBy ?? []), ({ field }) => field);
    const states = new WriteStates();
    const queries = [
      ...portionsOf([...new Set(ids)], salesforceLimits.idsPerSubquery).map(soql('Id')),
      ...portionsOf([...new Set(keyed.map(({ key }) => key))], salesforceLimits.valuesPerSubquery).map(soql(externalKeyField)),
      ...[...adopting].flatMap(([field, wanted]) => portionsOf([...new Set(wanted.map(({ value }) => value))], salesforceLimits.valuesPerSubquery).map(soql(field))),
    ];
    if (queries.length === 0) return states;
    for (const row of await queryAllRows(session, 'records.lookUp', queries)) states.#add(stateSchema.parse(row), [...adopting.keys()]);
    return states;
  }

  #add(state: RecordState, adoptFields: readonly string[]): void {
    if (this.#byId.has(state.Id)) return;
    this.#byId.set(state.Id, state);
    const key = state[externalKeyField];
    if (key) this.#byKey.set(key.toLowerCase(), state);
    for (const field of key ? [] : adoptFields) {
      const value = state[field];
      if (typeof value !== 'string') continue;
      const place = placeOf(field, value);
      this.#adoptable.set(place, [...this.#adoptable.get(place) ?? [], state]);
    }
  }
}

/** A write by id needs to know what is there where that decides what it writes, or it writes no field by which Salesforce would tell. */
function dependsOnState({ fields, associate = [], dissociate = [] }: RecordWrite): boolean {
  return Object.keys(fields).length === 0 || derivedFields.dealStatus in fields || associate.length > 0 || dissociate.length > 0;
}

function placeOf(field: string, value: string): string {
  return JSON.stringify([field, value.toLowerCase()]);
}
