import { randomUUID } from 'node:crypto';
import type { CrmObject, CrmRef, CrmVendor, EventData, FieldValue, RequestedAction, recordGone, WriteResult } from '@crossdock/contracts';
import type { ToldRecord } from './records/told-record.ts';

interface AccountRecord {
  readonly object: CrmObject;
  readonly id: string;
  readonly key?: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly associations: readonly CrmRef[];
  readonly modifiedAt: string;
  readonly gone?: Pick<EventData<typeof recordGone>, 'gone' | 'mergedInto'>;
  /** Ids of records that have gone into it and lead to it. */
  readonly mergedFrom?: readonly string[];
}

/** What a merge leaves: one of the two, which keeps its id, or a record of a new id to which theirs lead. */
export type MergeStyle = 'into_one' | 'into_new';

const fieldNames: Readonly<Record<CrmObject, readonly string[]>> = {
  contact: ['email', 'firstName', 'lastName', 'phone', 'lifecycleStage'], company: ['name', 'domain'], deal: ['name', 'amount', 'status'],
};

/** A CRM account and the service that speaks for it, as sync knows the two: what it holds, tells and answers. */
export class CrmAccount {
  readonly connectionId = randomUUID();
  /** Writes taken, for tests that count them. */
  writes = 0;
  /** Makes it refuse a write. */
  refusal: (action: RequestedAction) => Extract<WriteResult, { outcome: 'refused' }> | undefined = () => undefined;
  readonly #records = new Map<string, AccountRecord>();
  readonly #news: Array<CrmRef> = [];
  #ticks = Date.parse('2026-11-21T00:00:00.000Z');

  /** @param vendor one other than HubSpot keeps one company of a record, the first one that it is given */
  constructor(readonly vendor: CrmVendor = 'hubspot') {}

  /** What a person does there. @returns the record's id. */
  put(object: CrmObject, fields: Readonly<Record<string, FieldValue>>, { id = randomUUID(), associations }: { id?: string; associations?: readonly CrmRef[] } = {}): string {
    const before = this.#records.get(`${object}/${id}`);
    this.#store({ ...before, object, id, fields: { ...before?.fields, ...fields }, associations: associations ?? before?.associations ?? [] });
    return id;
  }

  /** What named it names it no more. */
  delete(object: CrmObject, id: string): void {
    this.#store({ ...this.#require(object, id), gone: { gone: 'archived' } });
    this.#follow(object, [id]);
  }

  /** What the winner lacks it gets from the loser, key and all where the vendor makes a new record. @returns the id of what both have become. */
  merge(object: CrmObject, winnerId: string, loserId: string, style: MergeStyle = 'into_one'): string {
    const [winner, loser] = [this.#require(object, winnerId), this.#require(object, loserId)];
    const both = {
      ...winner, fields: { ...loser.fields, ...Object.fromEntries(Object.entries(winner.fields).filter(([, value]) => value !== null)) },
      associations: unionOf(winner.associations, loser.associations),
    };
    const key = winner.key ?? loser.key;
    const id = style === 'into_new' ? randomUUID() : winnerId;
    const former = [winner, loser].flatMap((each) => [each.id, ...each.mergedFrom ?? []]);
    this.#store(style === 'into_new' ? { ...both, id, ...(key !== undefined && { key }), mergedFrom: former } : both);
    for (const each of style === 'into_new' ? [winner, loser] : [loser]) {
      this.#store({ ...each, gone: { gone: 'merged', mergedInto: id } });
    }
    for (const gone of this.#records.values()) {
      if (gone.object === object && style === 'into_new' && former.includes(gone.id)) this.#records.set(`${object}/${gone.id}`, { ...gone, gone: { gone: 'merged', mergedInto: id } });
    }
    this.#follow(object, style === 'into_new' ? [winnerId, loserId] : [loserId], id);
    return id;
  }

  /** Changes a value without a word, and without a change of its time: what goes wrong in the world. */
  corrupt(object: CrmObject, id: string, fields: Readonly<Record<string, FieldValue>>): void {
    const record = this.#require(object, id);
    this.#records.set(`${object}/${id}`, { ...record, fields: { ...record.fields, ...fields } });
  }

  /** Loses a record without a word. */
  lose(object: CrmObject, id: string): void {
    const record = this.#require(object, id);
    this.#records.set(`${object}/${id}`, { ...record, gone: { gone: 'archived' } });
  }

  present(object: CrmObject): AccountRecord[] {
    return [...this.#records.values()].filter((record) => record.object === object && !record.gone);
  }

  fieldsOf(object: CrmObject, id: string): Readonly<Record<string, FieldValue>> {
    return this.#require(object, id).fields;
  }

  emailOf(contactId: string): string {
    const { email } = this.fieldsOf('contact', contactId);
    return typeof email === 'string' ? email : '';
  }

  associationsOf(object: CrmObject, id: string): readonly CrmRef[] {
    return this.#require(object, id).associations;
  }

  /** Which records have changed since this was asked last. */
  takeNews(): CrmRef[] {
    return this.#news.splice(0);
  }

  /** How the account's service tells a record; undefined for one that never was. */
  tell({ object, externalId }: CrmRef, scanId?: string): ToldRecord | EventData<typeof recordGone> | undefined {
    const record = this.#records.get(`${object}/${externalId}`);
    const { connectionId, vendor } = this;
    if (!record) return undefined;
    if (record.gone) return { connectionId, vendor, object, externalId, ...record.gone, noticedAt: this.now() };
    return {
      object, source: { vendor, connectionId, externalId }, modifiedAt: record.modifiedAt, toldAt: this.now(),
      fields: Object.fromEntries(fieldNames[object].map((name) => [name, record.fields[name] ?? null])),
      associations: record.associations,
      ...(record.key !== undefined && { externalKey: record.key }),
      ...(record.mergedFrom && { mergedFrom: record.mergedFrom }),
      ...(scanId !== undefined && { scanId }),
    };
  }

  carryOut(object: CrmObject, action: RequestedAction): WriteResult {
    const refusal = this.refusal(action);
    if (refusal) return refusal;
    this.writes += 1;
    if (action.kind === 'archive') {
      if (!this.#require(object, action.externalId).gone) this.delete(object, action.externalId);
      return { outcome: 'archived' };
    }
    const { target, fields, associate = [], dissociate = [] } = action;
    const before = 'externalId' in target ? this.#leadsTo(object, target.externalId) : this.#keyed(object, target);
    if ('externalId' in target && (!before || before.gone)) return { outcome: 'refused', kind: 'not_found', message: 'There is no such record.' };
    const named = associate.map((ref) => this.#leadsTo(ref.object, ref.externalId));
    if (named.some((record) => !record || record.gone)) return { outcome: 'refused', kind: 'invalid', message: 'It cannot name a record that is no more.' };
    if (!this.#takesSeveral && associate.filter((ref) => ref.object === 'company').length > 1) return { outcome: 'refused', kind: 'invalid', message: 'It belongs to one company.' };
    const id = before?.id ?? randomUUID();
    const kept = (before?.associations ?? []).filter((each) => ![...associate, ...dissociate].some(is(each)));
    this.#store({
      ...before, object, id, fields: { ...before?.fields, ...fields }, associations: unionOf(named.flatMap((record) => (record ? [{ object: record.object, externalId: record.id }] : [])), kept),
      ...('externalKey' in target && { key: target.externalKey }),
    });
    return { outcome: 'written', externalId: id, created: !before, modifiedAt: this.#require(object, id).modifiedAt, kept: Object.keys(fields).filter((name) => fieldNames[object].includes(name)) };
  }

  /** The time at the account's service: no two things happen at once. */
  now(): string {
    this.#ticks += 1;
    return new Date(this.#ticks).toISOString();
  }

  get #takesSeveral(): boolean {
    return this.vendor === 'hubspot';
  }

  #store(record: Omit<AccountRecord, 'modifiedAt'>): void {
    const [, ...others] = this.#takesSeveral ? [] : record.associations.filter((ref) => ref.object === 'company');
    this.#records.set(`${record.object}/${record.id}`, { ...record, associations: record.associations.filter((ref) => !others.includes(ref)), modifiedAt: this.now() });
    this.#news.push({ object: record.object, externalId: record.id });
  }

  /** What names records that were merged names what they have become, if anything. */
  #follow(object: CrmObject, formerIds: readonly string[], id?: string): void {
    for (const [place, record] of this.#records) {
      const isFormer = (ref: CrmRef): boolean => ref.object === object && formerIds.includes(ref.externalId);
      if (!record.associations.some(isFormer)) continue;
      const left = record.associations.filter((ref) => !isFormer(ref));
      this.#records.set(place, { ...record, associations: id === undefined ? left : unionOf(left, [{ object, externalId: id }]) });
      if (!record.gone) this.#news.push({ object: record.object, externalId: record.id });
    }
  }

  #leadsTo(object: CrmObject, id: string): AccountRecord | undefined {
    return this.#records.get(`${object}/${id}`)?.gone?.gone === 'merged'
      ? this.present(object).find(({ mergedFrom = [] }) => mergedFrom.includes(id))
      : this.#records.get(`${object}/${id}`);
  }

  #require(object: CrmObject, id: string): AccountRecord {
    const record = this.#records.get(`${object}/${id}`);
    if (!record) throw new Error(`The account has no ${object} ${id}.`);
    return record;
  }

  #keyed(object: CrmObject, { externalKey, adoptBy }: Extract<Extract<RequestedAction, { kind: 'write' }>['target'], { externalKey: string }>): AccountRecord | undefined {
    const present = this.present(object);
    return present.find(({ key }) => key === externalKey)
      ?? (adoptBy && present.find(({ key, fields }) => key === undefined && fields[adoptBy.field] === adoptBy.value));
  }
}

const is = (one: CrmRef) => (other: CrmRef): boolean => one.object === other.object && one.externalId === other.externalId;

function unionOf(one: readonly CrmRef[], other: readonly CrmRef[]): CrmRef[] {
  return [...one, ...other.filter((ref) => !one.some(is(ref)))];
}
