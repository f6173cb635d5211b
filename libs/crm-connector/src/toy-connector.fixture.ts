import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { Failure, type CapabilityReport, type CrmObject, type FieldDescription, type FieldValue, type ObjectDescription } from '@crossdock/contracts';
import { capabilityReport } from './capability-report.ts';
import type { CrmConnector } from './crm-connector.ts';
import { asCreation, type ChangePage, type CrmRecord, type FieldSelection, type GoneRecord, type RecordRef, type RecordWrite, type RecordWritten } from './records/crm-record.ts';

/** A record of the toy CRM, which keeps it in the hub's own form: `changed` is the number of its last change. */
export interface ToyRecord extends RecordRef { key?: string; fields: Record<string, FieldValue>; associations: RecordRef[]; changed: number; gone?: GoneRecord }

const text = (name: string, more: Partial<FieldDescription> = {}): FieldDescription =>
  ({ name, label: name, type: 'text', isCustom: false, isReadOnly: false, isRequired: false, maxLength: 50, ...more });
const statuses = ['open', 'won', 'lost'].map((value) => ({ value, label: value, isActive: true }));
const fieldsOf: Record<CrmObject, FieldDescription[]> = {
  contact: ['email', 'phone', 'firstName', 'lastName', 'country'].map((name) => text(name)),
  company: ['name', 'domain', 'phone', 'country'].map((name) => text(name)),
  deal: [text('name'), text('amount', { type: 'money' }), text('crossdock:status', { type: 'picklist', options: statuses }), text('crossdock:closed_at', { type: 'date_time' }), text('lineItems', { type: 'long_text', maxLength: 2_000 }), text('orderSource'), text('sampleRequest'), text('sampleStatus')],
};
const same = (...names: string[]) => Object.fromEntries(names.map((name) => [name, { field: name }]));
const lower = (value: FieldValue | undefined): string => (typeof value === 'string' ? value.toLowerCase() : '');
export const refer = (one: RecordRef) => `${one.object}/${one.id}`;

/** What a new CRM takes: this class. The toy's interface is its list of records, `down` what its network does. */
export class ToyConnector implements CrmConnector {
  readonly vendor = 'hubspot';
  /** How many changes it tells at a time. */
  pageSize = 3;
  readonly defaultMapping = {
    contact: same('email', 'phone', 'firstName', 'lastName', 'country'), company: same('name', 'domain', 'phone', 'country'),
    deal: { ...same('name', 'amount', 'lineItems', 'orderSource', 'sampleRequest', 'sampleStatus'), status: { field: 'crossdock:status' }, closedAt: { field: 'crossdock:closed_at' } },
  };
  readonly crm = new Map<string, ToyRecord>();
  down: { failure: Failure; times: number } | undefined;
  #changes = 1_000;

  async probeCapabilities(): Promise<CapabilityReport> {
    this.#reach();
    return capabilityReport([{ name: 'api', available: true, consequence: 'Without it the toy is of no use.' }]);
  }

  async setUp(): Promise<void> {
    this.#reach();
  }

  async describe(_: Connection, object: CrmObject): Promise<ObjectDescription> {
    return { object, fields: fieldsOf[object] };
  }

  async search(_: Connection, { description: { object } }: FieldSelection, by: { field: string; values: readonly string[] }): Promise<CrmRecord[]> {
    this.#reach();
    if (!fieldsOf[object].some(({ name }) => name === by.field)) throw new Failure('invalid', `There is no field ${by.field}.`);
    const wanted = new Set(by.values.map((value) => value.toLowerCase()));
    return this.#present(object).filter(({ fields }) => wanted.has(lower(fields[by.field]))).map(told);
  }

  async getByIds(_: Connection, { description: { object } }: FieldSelection, ids: readonly string[]): Promise<Map<string, CrmRecord | GoneRecord>> {
    this.#reach();
    const found = ids.map((id) => this.crm.get(refer({ object, id }))).filter((record) => record !== undefined);
    return new Map(found.map((record) => [record.id, record.gone ?? told(record)]));
  }

  async listChanges(_: Connection, { description: { object } }: FieldSelection, cursor = '0'): Promise<ChangePage> {
    this.#reach();
    if (cursor !== '0' && !(Number(cursor) >= 1_000)) throw new Failure('cursor_expired', 'The toy remembers a thousand changes.');
    const changed = [...this.crm.values()].filter((record) => record.object === object && record.changed > Number(cursor)).sort((a, b) => a.changed - b.changed);
    const page = changed.slice(0, this.pageSize);
    return {
      records: page.filter(({ gone }) => !gone).map(told), gone: page.flatMap(({ gone }) => gone ?? []),
      cursor: String(page.at(-1)?.changed ?? (cursor === '0' ? 1_000 : cursor)), hasMore: changed.length > page.length,
    };
  }

  cursorFromNow(): string {
    return String(this.#changes);
  }

  async write(_: Connection, { object }: ObjectDescription, writes: readonly RecordWrite[]): Promise<Array<RecordWritten | Failure>> {
    return writes.map((write) => {
      try {
        this.#reach();
        return this.#write(object, write);
      } catch (failure) {
        if (failure instanceof Failure) return failure;
        throw failure;
      }
    });
  }

  async archive(_: Connection, object: CrmObject, ids: readonly string[]): Promise<Array<'archived'>> {
    return ids.map((id) => {
      const record = this.crm.get(refer({ object, id }));
      if (record && !record.gone) this.put({ ...record, gone: { object, id, gone: 'archived' } });
      return 'archived';
    });
  }

  put(record: Omit<ToyRecord, 'changed'>): void {
    this.#changes += 1;
    this.crm.set(refer(record), { ...record, changed: this.#changes });
  }

  #present = (object: CrmObject): ToyRecord[] => [...this.crm.values()].filter((record) => record.object === object && !record.gone);

  #reach(): void {
    if (!this.down) return;
    const { failure, times } = this.down;
    this.down = times > 1 ? { failure, times: times - 1 } : undefined;
    throw failure;
  }

  #write(object: CrmObject, wanted: RecordWrite): RecordWritten {
    const { target } = wanted;
    const before = 'id' in target ? this.crm.get(refer({ object, id: target.id })) : this.#keyed(object, target);
    const { fields, associate = [], dissociate = [] } = before ? wanted : asCreation(wanted);
    for (const { name, maxLength } of fieldsOf[object]) {
      if (lower(fields[name]).length > (maxLength ?? 0)) throw new Failure('invalid', `${name} is too long.`, { field: name });
    }
    if ('id' in target && (!before || before.gone)) throw new Failure('not_found', `There is no ${object} ${target.id}.`);
    const id = before?.id ?? randomUUID();
    const reopens = fields['crossdock:status'] === 'open' && before && before.fields['crossdock:status'] !== 'open';
    const associations = [...(before?.associations ?? []).filter((one) => !dissociate.some((other) => refer(other) === refer(one))), ...associate];
    const key = before?.key ?? ('key' in target ? target.key : undefined);
    this.put({
      object, id, ...(key !== undefined && { key }),
      fields: { ...before?.fields, ...fields, ...(reopens && { 'crossdock:status': before.fields['crossdock:status'] ?? null }) },
      associations: [...new Map(associations.map((one) => [refer(one), one])).entries()].sort(([a], [b]) => a.localeCompare(b)).map(([, one]) => one),
    });
    return { outcome: 'written', id, created: !before };
  }

  #keyed(object: CrmObject, { key, adoptBy = [] }: Extract<RecordWrite['target'], { key: string }>): ToyRecord | undefined {
    const present = this.#present(object);
    const like = adoptBy.map(({ field, value, anyKey, whereEmpty = '' }) => present.find((record) =>
      lower(record.fields[field]) === value.toLowerCase() && (anyKey || record.key === undefined) && !record.fields[whereEmpty]));
    return present.find((record) => record.key === key) ?? like.find((record) => record !== undefined);
  }
}

function told({ changed: _, gone: _gone, fields, ...record }: ToyRecord): CrmRecord {
  const all = Object.fromEntries(fieldsOf[record.object].map(({ name }) => [name, fields[name] ?? null]));
  return { ...record, fields: all, modifiedAt: '2026-11-21T00:00:00.000Z' };
}
