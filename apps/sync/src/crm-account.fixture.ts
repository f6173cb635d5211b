import { randomUUID } from 'node:crypto';
import type { CrmObject, CrmRef, EventData, FieldValue, RequestedAction, recordGone, WriteResult } from '@crossdock/contracts';
import type { ToldRecord } from './records/told-record.ts';

interface AccountRecord {
  readonly object: CrmObject;
  readonly id: string;
  readonly key?: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly associations: readonly CrmRef[];
  readonly modifiedAt: string;
  readonly gone?: Pick<EventData<typeof recordGone>, 'gone' | 'mergedInto'>;
}

const fieldNames: Readonly<Record<CrmObject, readonly string[]>> = {
  contact: ['email', 'firstName', 'lastName', 'phone', 'lifecycleStage'], company: ['name', 'domain'], deal: ['name', 'amount', 'status'],
};

/** A CRM account and the service that speaks for it, as sync knows the two: what it holds, tells and answers. */
export class CrmAccount {
  readonly connectionId = randomUUID();
  readonly vendor = 'hubspot';
  /** Writes taken, for tests that count them. */
  writes = 0;
  /** Makes it refuse a write. */
  refusal: (action: RequestedAction) => Extract<WriteResult, { outcome: 'refused' }> | undefined = () => undefined;
  readonly #records = new Map<string, AccountRecord>();
  readonly #news: Array<CrmRef> = [];
  #ticks = Date.parse('2026-11-21T00:00:00.000Z');

  /** What a person does there. @returns the record's id. */
  put(object: CrmObject, fields: Readonly<Record<string, FieldValue>>, { id = randomUUID(), associations }: { id?: string; associations?: readonly CrmRef[] } = {}): string {
    const before = this.#records.get(`${object}/${id}`);
    this.#store({ ...before, object, id, fields: { ...before?.fields, ...fields }, associations: associations ?? before?.associations ?? [] });
    return id;
  }

  delete(object: CrmObject, id: string, mergedInto?: string): void {
    this.#store({ ...this.#require(object, id), gone: mergedInto === undefined ? { gone: 'archived' } : { gone: 'merged', mergedInto } });
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
      ...(scanId !== undefined && { scanId }),
    };
  }

  carryOut(object: CrmObject, action: RequestedAction): WriteResult {
    const refusal = this.refusal(action);
    if (refusal) return refusal;
    this.writes += 1;
    if (action.kind === 'archive') {
      this.delete(object, action.externalId);
      return { outcome: 'archived' };
    }
    const { target, fields, associate = [], dissociate = [] } = action;
    const before = 'externalId' in target ? this.#records.get(`${object}/${target.externalId}`) : this.#keyed(object, target);
    if ('externalId' in target && (!before || before.gone)) return { outcome: 'refused', kind: 'not_found', message: 'There is no such record.' };
    const id = before?.id ?? randomUUID();
    const is = (one: CrmRef) => (other: CrmRef) => one.object === other.object && one.externalId === other.externalId;
    const kept = (before?.associations ?? []).filter((each) => ![...associate, ...dissociate].some(is(each)));
    this.#store({
      ...before, object, id, fields: { ...before?.fields, ...fields }, associations: [...kept, ...associate],
      ...('externalKey' in target && { key: target.externalKey }),
    });
    return { outcome: 'written', externalId: id, created: !before, modifiedAt: this.#require(object, id).modifiedAt, kept: Object.keys(fields).filter((name) => fieldNames[object].includes(name)) };
  }

  /** The time at the account's service: no two things happen at once. */
  now(): string {
    this.#ticks += 1;
    return new Date(this.#ticks).toISOString();
  }

  #store(record: Omit<AccountRecord, 'modifiedAt'>): void {
    this.#records.set(`${record.object}/${record.id}`, { ...record, modifiedAt: this.now() });
    this.#news.push({ object: record.object, externalId: record.id });
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
