import { sendInBatches, type UpsertResult } from '@crossdock/crm-connector';
import { asFailure, Failure, type UpsertRecord } from '@crossdock/contracts';
import { z } from 'zod';
import { chunksOf, type DynamicsSession } from './dynamics.api.ts';
import type { BatchPart } from './dynamics.batch.ts';
import { dynamicsLimits } from './dynamics.limits.ts';
import {
  connectionIdFor, opportunityColumns, opportunityIdFor, opportunitySchema, orderStatusColumn, stateOf, toClosing, toOpportunity, type Opportunity,
} from './dynamics.mapping.ts';
import { failureOf, upsertedRow } from './dynamics.upserted.ts';

type DealRecord = Extract<UpsertRecord, { object: 'deal' }>;
type Done = Exclude<UpsertResult, Failure>;

/** Whether opportunities of this environment keep where the order stands, as far as is remembered. */
export interface OrderStatusColumn {
  isThere(): Promise<boolean>;
  forget(): void;
}

/** What a row is asked for after it was written. */
const writtenSchema = z.object({ opportunityid: z.uuid(), statecode: z.int(), _parentcontactid_value: z.uuid().nullish() });

/** Makes opportunities exist by the hub's key, each with its contacts and its decision; a result a record, in order. */
export async function upsertOpportunities(session: DynamicsSession, records: readonly DealRecord[], columns: OrderStatusColumn): Promise<UpsertResult[]> {
  if (records.length === 0) return [];
  try {
    const currencyIds = new Map([...await readCurrencies(session)].map(([id, code]) => [code, id]));
    const ids = records.map(({ externalKey }) => opportunityIdFor(session.connection.accountId, externalKey));
    const existing = new Map((await readOpportunities(session, [...new Set(ids)], columns)).map((row) => [row.opportunityid, row]));
    return await sendInBatches<DealRecord, Done>(records, {
      keyOf: ({ externalKey }) => externalKey,
      maxBatchSize: dynamicsLimits.batchSize,
      send: (batch) => sendBatch(session, batch, { currencyIds, existing, columns }),
    });
  } catch (thrown) {
    const failure = asFailure(thrown);
    return records.map(() => failure);
  }
}

async function sendBatch(
  session: DynamicsSession, batch: readonly DealRecord[],
  { currencyIds, existing, columns }: { readonly currencyIds: ReadonlyMap<string, string>; readonly existing: ReadonlyMap<string, Opportunity>; readonly columns: OrderStatusColumn },
): Promise<Array<Done | Failure>> {
  const operation = 'opportunities.batchUpsert';
  const results = batch.map((record): Done | Failure | undefined => currencyFailure(record, currencyIds));
  const sent = batch.flatMap((record, index) => (results[index] === undefined ? [{ record, index }] : []));
  if (sent.length === 0) return results.map((result) => result ?? noResult());
  const toParts = (some: typeof sent, hasOrderStatus: boolean): BatchPart[] => some.map(({ record: { externalKey, fields, contactIds } }) => {
    const id = opportunityIdFor(session.connection.accountId, externalKey);
    const hasContact = (existing.get(id)?._parentcontactid_value ?? undefined) !== undefined;
    return {
      method: 'PATCH',
      path: `opportunities(${id})?$select=opportunityid,statecode,_parentcontactid_value`,
      headers: { Prefer: 'return=representation' },
      body: toOpportunity(externalKey, fields, {
        currencyId: fields.amount && currencyIds.get(fields.amount.currency),
        contactId: hasContact ? undefined : contactIds[0],
        hasOrderStatus,
      }),
    };
  });
  const send = async (some: typeof sent, hasOrderStatus: boolean): Promise<Written[]> => {
    const answers = some.length === 0 ? [] : await session.batch(operation, toParts(some, hasOrderStatus));
    return some.map(({ record, index }, position) => ({ record, index, row: upsertedRow(operation, answers[position], writtenSchema) }));
  };
  const first = await send(sent, await columns.isThere());
  // Somebody may have taken the column away, which is no reason to refuse a deal.
  const [lacking, taken] = [first.filter(({ row }) => lacksOrderStatus(row)), first.filter(({ row }) => !lacksOrderStatus(row))];
  if (lacking.length > 0) columns.forget();
  const written = [...taken, ...await send(lacking, false)];
  for (const { index, row } of written) {
    results[index] = row instanceof Failure ? row : { outcome: 'upserted', crmId: row.values.opportunityid, created: row.created };
  }
  for (const [index, failure] of await finish(session, written)) results[index] = failure;
  return results.map((result) => result ?? noResult());
}

function lacksOrderStatus(row: Written['row']): boolean {
  return row instanceof Failure && row.field === orderStatusColumn;
}

type Written = { readonly record: DealRecord; readonly index: number; readonly row: ReturnType<typeof upsertedRow<typeof writtenSchema>> };

/** Adds further contacts and closes what was decided. An opportunity for which that failed is not done: the repeat goes on from there. */
async function finish(session: DynamicsSession, written: readonly Written[]): Promise<Map<number, Failure>> {
  const operation = 'opportunities.finish';
  const steps = written.flatMap(({ record, index, row }) => (row instanceof Failure ? [] : stepsFor(record, row.values).map((part) => ({ index, part }))));
  const failures = new Map<number, Failure>();
  for (let start = 0; start < steps.length; start += dynamicsLimits.batchSize) {
    const some = steps.slice(start, start + dynamicsLimits.batchSize);
    const answers = await session.batch(operation, some.map(({ part }) => part));
    for (const [position, { index }] of some.entries()) {
      const failure = failureOf(operation, answers[position]);
      if (failure && !failures.has(index)) failures.set(index, failure);
    }
  }
  return failures;
}

/** A decision that the opportunity has already is not made again; one that people made otherwise is opened first. */
function stepsFor({ fields, contactIds }: DealRecord, { opportunityid: id, statecode, _parentcontactid_value: own }: z.infer<typeof writtenSchema>): BatchPart[] {
  const others = [...new Set(contactIds)].filter((contactId) => contactId !== own);
  const associate = others.map((contactId): BatchPart => ({
    method: 'PATCH', path: `connections(${connectionIdFor(id, contactId)})`,
    body: { 'record1id_opportunity@odata.bind': `/opportunities(${id})`, 'record2id_contact@odata.bind': `/contacts(${contactId})` },
  }));
  const { status } = fields;
  if (status === 'open' || statecode === stateOf[status]) return associate;
  const reopen: BatchPart[] = statecode === stateOf.open ? [] : [{ method: 'PATCH', path: `opportunities(${id})`, body: { statecode: stateOf.open, statuscode: 1 } }];
  return [...associate, ...reopen, { method: 'POST', path: status === 'won' ? 'WinOpportunity' : 'LoseOpportunity', body: toClosing(id, { ...fields, status }) }];
}

function currencyFailure({ fields: { amount } }: DealRecord, currencyIds: ReadonlyMap<string, string>): Failure | undefined {
  if (!amount || currencyIds.has(amount.currency)) return undefined;
  return new Failure('invalid', `The Dynamics environment has no currency ${amount.currency}: its administrator has to add it.`, { field: 'transactioncurrencyid' });
}

/** These opportunities as they are now; one that is deleted or unknown is left out. */
export async function readOpportunities(session: DynamicsSession, ids: readonly string[], columns: OrderStatusColumn): Promise<Opportunity[]> {
  try {
    return await readRows(session, ids, opportunityColumns(await columns.isThere()));
  } catch (thrown) {
    if (asFailure(thrown).kind !== 'invalid') throw thrown;
    columns.forget();
    return readRows(session, ids, opportunityColumns(await columns.isThere()));
  }
}

async function readRows(session: DynamicsSession, ids: readonly string[], $select: string): Promise<Opportunity[]> {
  const rows: Opportunity[] = [];
  for (let start = 0; start < ids.length; start += dynamicsLimits.idsPerFilter) {
    const $filter = ids.slice(start, start + dynamicsLimits.idsPerFilter).map((id) => `opportunityid eq ${id}`).join(' or ');
    rows.push(...await session.list('opportunities.list', 'opportunities', { $select, $filter }, opportunitySchema));
  }
  return rows;
}

/** ISO 4217 codes of the environment's currencies by their rows. */
export async function readCurrencies(session: DynamicsSession): Promise<Map<string, string>> {
  const rows = await session.list('currencies.list', 'transactioncurrencies', { $select: 'transactioncurrencyid,isocurrencycode' }, z.object({
    transactioncurrencyid: z.uuid(), isocurrencycode: z.string(),
  }));
  return new Map(rows.map(({ transactioncurrencyid, isocurrencycode }) => [transactioncurrencyid, isocurrencycode]));
}

const linkSchema = z.object({ connectionid: z.uuid(), _record1id_value: z.uuid(), _record2id_value: z.uuid().nullish() });

/** The connections that lead from these opportunities to others. */
export async function readConnections(session: DynamicsSession, opportunityIds: readonly string[]): Promise<Array<z.infer<typeof linkSchema>>> {
  return session.listAll('connections.list', chunksOf(opportunityIds, dynamicsLimits.idsPerFilter).map((ids) => ({
    entitySet: 'connections', select: '_record1id_value,_record2id_value', filter: ids.map((id) => `_record1id_value eq ${id}`).join(' or '),
  })), linkSchema);
}

/** Ids of the contacts of each opportunity: its own first, then those who are connected with it. */
export async function readContactIds(
  session: DynamicsSession, opportunities: ReadonlyArray<Pick<Opportunity, 'opportunityid' | '_parentcontactid_value'>>,
): Promise<Map<string, string[]>> {
  const contacts = new Map(opportunities.map(({ opportunityid, _parentcontactid_value: own }) => [opportunityid, own ? [own] : []]));
  for (const { _record1id_value: id, _record2id_value: other } of await readConnections(session, [...contacts.keys()])) {
    const known = contacts.get(id);
    if (known && other && !known.includes(other)) known.push(other);
  }
  return contacts;
}

function noResult(): Failure {
  return new Failure('unexpected', 'The record got no result.');
}
