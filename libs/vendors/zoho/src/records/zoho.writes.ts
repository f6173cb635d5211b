import { asCreation, derivedFields, sendInBatches, type RecordWrite, type RecordWritten } from '@crossdock/crm-connector';
import { asFailure, Failure, type CrmObject, type FieldValue, type ObjectDescription } from '@crossdock/contracts';
import { z } from 'zod';
import type { ZohoApi } from '../zoho.api.ts';
import { isRecordId } from '../zoho.coql.ts';
import { zohoErrorSchema, zohoRecordFailure, type ZohoError } from '../zoho.errors.ts';
import { zohoLimits } from '../zoho.limits.ts';
import { currencyField, keyField } from '../zoho.mapping.ts';
import { changeRoles, toLookups } from './zoho.associations.ts';
import { isDerived, moduleOf } from './zoho.modules.ts';
import type { Organisation } from './zoho.rows.ts';
import { findTargets, needsLook, type PresentRecord } from './zoho.targets.ts';
import { toZohoValue, type Currencies } from './zoho.values.ts';

type ZohoValues = Record<string, unknown>;
type WriteResult = RecordWritten | Failure;

/** A write as Zoho takes it: to a record by its id, or to whichever keeps the key. */
export interface Outgoing {
  readonly write: RecordWrite;
  readonly present: PresentRecord | undefined;
  readonly values: ZohoValues;
}

const resultSchema = z.union([
  z.object({ status: z.literal('success'), action: z.enum(['insert', 'update']).optional(), details: z.object({ id: z.string(), Modified_Time: z.iso.datetime({ offset: true }).optional().catch(undefined) }) }),
  zohoErrorSchema.extend({ status: z.literal('error') }),
]);
const resultsSchema = z.object({ data: z.array(resultSchema) });
type ZohoResult = z.infer<typeof resultSchema>;

/** Writes records of one kind, in calls of a hundred; a result a write, in order. It does not throw a `Failure`. */
export async function writeZohoRecords(
  api: ZohoApi, { object, fields: described }: ObjectDescription, writes: readonly RecordWrite[],
  { organisation, currentFields }: { readonly organisation: Organisation; readonly currentFields: ReadonlySet<string> },
): Promise<WriteResult[]> {
  if (writes.length === 0) return [];
  try {
    const prepared = await prepareWrites(api, { object, fields: described }, writes, { organisation, currentFields });
    const ready = prepared.filter((each): each is Outgoing => !(each instanceof Failure));
    const byId = ready.filter((each) => targetIdOf(each) !== undefined);
    const answers = new Map([
      ...pair(byId, await update(api, object, byId)),
      ...pair(ready.filter((each) => !byId.includes(each)), await upsert(api, object, ready.filter((each) => !byId.includes(each)))),
    ]);
    const results = prepared.map((each) => (each instanceof Failure ? each : answers.get(each) ?? new Failure('unexpected', 'The record got no result.')));
    return object === 'deal' ? await changeRoles(api, writes, results) : results;
  } catch (thrown) {
    const failure = asFailure(thrown);
    return writes.map(() => failure);
  }
}

/** Each write as Zoho takes it, or why it does not. @throws Failure where what is there already could not be found out. */
export async function prepareWrites(
  api: ZohoApi, { object, fields: described }: ObjectDescription, writes: readonly RecordWrite[],
  { organisation, currentFields }: { readonly organisation: Organisation; readonly currentFields: ReadonlySet<string> },
): Promise<Array<Outgoing | Failure>> {
  const currencies = currenciesOf(described, organisation);
  const fields = described.filter(({ name, isReadOnly }) => currentFields.has(name) && !isReadOnly);
  const targets = await findTargets(api, object, writes);
  return writes.map((write) => prepare({ object, fields, organisation, currencies }, write, targets.get(write)));
}

/** The record that a write is to, by its id; undefined of one that is told by the hub's key. */
export function targetIdOf({ write: { target }, present }: Outgoing): string | undefined {
  return present?.id ?? ('id' in target ? target.id : undefined);
}

/** What a write of a kind is put together by. */
interface Preparation {
  readonly object: CrmObject;
  readonly fields: ObjectDescription['fields'];
  readonly organisation: Organisation;
  readonly currencies: Currencies;
}

/** An organisation with several currencies lists them in a field of its own. */
function currenciesOf(described: ObjectDescription['fields'], { currency: own }: Organisation): Currencies {
  const { options = [] } = described.find(({ name, isReadOnly }) => name === currencyField && !isReadOnly) ?? {};
  return { own, further: new Set(options.filter(({ isActive }) => isActive).map(({ value }) => value)) };
}

/** @returns a Failure where the write means no record that is there, or Zoho could not keep a value. */
function prepare({ object, fields, organisation, currencies }: Preparation, wanted: RecordWrite, present: PresentRecord | undefined): Outgoing | Failure {
  const { target } = wanted;
  const write = present || 'id' in target ? wanted : asCreation(wanted);
  const id = 'id' in target ? target.id : undefined;
  if (id !== undefined && (!isRecordId(id) || (needsLook(object, write) && !present))) return notFound(object, id);
  const values: ZohoValues = {};
  for (const [name, value] of Object.entries(write.fields)) {
    if (isDerived(name)) continue;
    const field = fields.find((each) => each.name === name);
    if (!field) return new Failure('invalid', `Zoho has no field ${name} of a ${object} that may be written.`, { field: name });
    const sent = toZohoValue(field, value, currencies);
    if (sent instanceof Failure) return sent;
    const code = typeof value === 'object' && value !== null && 'currency' in value ? value.currency : undefined;
    if (code !== undefined && currencies.further.size > 0) {
      if ((values[currencyField] ?? code) !== code) return new Failure('invalid', `The amounts of a ${object} of Zoho are all in one currency.`, { field: name });
      values[currencyField] = code;
    }
    values[name] = sent;
  }
  return {
    write, present,
    values: {
      ...values, ...toLookups(object, write, present), ...(object === 'deal' && stageOf(write.fields, values, present, organisation)),
      ...(object === 'contact' && id === undefined && !present && lastNameOf(values)), ...('key' in target && !present?.key && { [keyField]: target.key }),
    },
  };
}

/** An open deal keeps the stage that people gave it, a decided one too where it is decided the same way; neither is opened again. */
function stageOf(fields: RecordWrite['fields'], values: ZohoValues, present: PresentRecord | undefined, { stages }: Organisation): ZohoValues {
  const [status, closedAt]: Array<FieldValue | undefined> = [fields[derivedFields.dealStatus], fields[derivedFields.dealClosedAt]];
  const wanted = status === 'won' || status === 'lost' || status === 'open' ? status : present ? undefined : 'open';
  const current = present && (stages?.statusOf.get(present.stage ?? '') ?? 'open');
  const isKept = wanted === undefined || values['Stage'] !== undefined || current === wanted || (current !== undefined && wanted === 'open');
  return {
    ...(!isKept && { Stage: stages?.first[wanted] }),
    ...(typeof closedAt === 'string' && { Closing_Date: closedAt.slice(0, 10) }),
  };
}

/** Zoho wants a last name when a contact is made; the address or the number stands in for one that is unknown. */
function lastNameOf({ Last_Name: given, Email: email, Phone: phone }: ZohoValues): ZohoValues {
  const standIn = email ?? phone;
  return typeof given === 'string' || typeof standIn !== 'string' ? {} : { Last_Name: standIn.slice(0, 80) };
}

/** Writes by id. One of which nothing is to be changed is there, as was seen, and no call is made for it. */
async function update(api: ZohoApi, object: CrmObject, outgoing: readonly Outgoing[]): Promise<WriteResult[]> {
  const idOf = (each: Outgoing): string => targetIdOf(each) ?? '';
  const empty = outgoing.filter(({ values }) => Object.keys(values).length === 0);
  const sent = outgoing.filter((each) => !empty.includes(each));
  const operation = `${object}.update`;
  const answers = await sendInBatches<Outgoing, RecordWritten>(sent, {
    keyOf: idOf, maxBatchSize: zohoLimits.recordBatchSize,
    send: async (batch) => {
      const answer = await api.send(resultsSchema, { method: 'PUT', path: moduleOf(object), operation, body: { data: batch.map((each) => ({ ...each.values, id: idOf(each) })) } });
      return batch.map((each, index) => toResult(answer?.data[index], operation, { object, id: idOf(each) }));
    },
  });
  const results = new Map([...pair(sent, answers), ...empty.map((each) => [each, { outcome: 'written', id: idOf(each), created: false }] as const)]);
  return outgoing.map((each) => results.get(each) ?? new Failure('unexpected', 'The record got no result.'));
}

/** Writes by key, which makes what is not there. */
function upsert(api: ZohoApi, object: CrmObject, outgoing: readonly Outgoing[]): Promise<WriteResult[]> {
  const operation = `${object}.upsert`;
  return sendInBatches<Outgoing, RecordWritten>(outgoing, {
    keyOf: ({ values }) => String(values[keyField]).toLowerCase(), maxBatchSize: zohoLimits.recordBatchSize,
    send: async (batch) => {
      const answer = await api.send(resultsSchema, {
        method: 'POST', path: `${moduleOf(object)}/upsert`, operation, body: { data: batch.map(({ values }) => values), duplicate_check_fields: [keyField] },
      });
      return batch.map((_, index) => toResult(answer?.data[index], operation, { object }));
    },
  });
}

function toResult(result: ZohoResult | undefined, operation: string, { object, id }: { readonly object: CrmObject; readonly id?: string }): WriteResult {
  if (!result) return new Failure('outcome_unknown', `Zoho answered ${operation} without a word on one of the records.`);
  if (result.status === 'error') return id !== undefined && isUnknownId(result) ? notFound(object, id) : zohoRecordFailure(operation, result);
  const { id: written, Modified_Time: time } = result.details;
  return { outcome: 'written', id: written, created: result.action === 'insert', ...(time !== undefined && { modifiedAt: new Date(time).toISOString() }) };
}

const isUnknownId = ({ code, details }: ZohoError): boolean => code === 'INVALID_DATA' && details.api_name === 'id';

const notFound = (object: CrmObject, id: string): Failure => new Failure('not_found', `Zoho has no ${object} ${id}, or it is deleted.`, { record: `zoho ${object} ${id}` });

function pair<Key, Value>(keys: readonly Key[], values: readonly Value[]): Array<readonly [Key, Value]> {
  return keys.flatMap((key, index) => {
    const value = values[index];
    return value === undefined ? [] : [[key, value] as const];
  });
}
