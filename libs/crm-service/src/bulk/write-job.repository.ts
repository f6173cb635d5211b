import { crmObjectSchema, type CrmObject } from '@crossdock/contracts';
import type { BulkOutcome } from '@crossdock/crm-connector';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import type { PlannedWrite } from '../records/planned-write.ts';
import { toColumn, toJobRecord, type JobRecord } from './job-record.ts';

/** Records of a kind in one account. */
export interface JobScope { readonly connectionId: string; readonly object: CrmObject }

const jobSchema = z.object({ id: z.uuid(), connectionId: z.uuid(), object: crmObjectSchema, isGathering: z.boolean(), records: z.int(), kept: z.string().nullable(), quietMs: z.number(), ageMs: z.number() });
export type WriteJob = z.infer<typeof jobSchema>;

const columns = `id, connection_id AS "connectionId", object, is_gathering AS "isGathering", records, kept,
  (extract(epoch FROM now() - added_at) * 1000)::float8 AS "quietMs", (extract(epoch FROM now() - created_at) * 1000)::float8 AS "ageMs"`;

/** Whoever puts records into an account's jobs does so one after the other, until the transaction ends. */
export async function lockGathering(manager: EntityManager, { connectionId, object }: JobScope): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`write-job/${connectionId}/${object}`]);
}

/** The job that records are put into, if there is one with room for them. */
export async function findGathering(manager: EntityManager, { connectionId, object }: JobScope, most: number): Promise<WriteJob | undefined> {
  const [row] = await manager.query<unknown[]>(
    `SELECT ${columns} FROM write_job WHERE tenant_id = $1 AND connection_id = $2 AND object = $3 AND is_gathering AND records < $4 ORDER BY id LIMIT 1 FOR UPDATE`,
    [tenantContext.require().tenantId, connectionId, object, most]);
  return row === undefined ? undefined : jobSchema.parse(row);
}

export async function createJob(manager: EntityManager, { connectionId, object }: JobScope): Promise<string> {
  const id = uuid();
  await manager.query('INSERT INTO write_job (id, tenant_id, connection_id, object) VALUES ($1, $2, $3, $4)', [id, tenantContext.require().tenantId, connectionId, object]);
  return id;
}

export async function addRecords(manager: EntityManager, jobId: string, records: ReadonlyArray<{ readonly taskId: string; readonly plan: PlannedWrite }>): Promise<void> {
  await manager.query(
    `INSERT INTO write_job_record (task_id, tenant_id, job_id, plan)
     SELECT task_id, $1, $2, plan FROM jsonb_to_recordset($3) AS given (task_id bigint, plan jsonb)`,
    [tenantContext.require().tenantId, jobId, JSON.stringify(records.map(({ taskId, plan }) => ({ task_id: taskId, plan })))]);
  await manager.query('UPDATE write_job SET records = records + $2, added_at = now() WHERE id = $1', [jobId, records.length]);
}

/** A job, held until the transaction ends. */
export async function lockJob(manager: EntityManager, jobId: string): Promise<WriteJob | undefined> {
  const [row] = await manager.query<unknown[]>(`SELECT ${columns} FROM write_job WHERE id = $1 FOR UPDATE`, [jobId]);
  return row === undefined ? undefined : jobSchema.parse(row);
}

/** Nothing is put into a job any more. */
export async function closeJob(manager: EntityManager, jobId: string): Promise<void> {
  await manager.query('UPDATE write_job SET is_gathering = false WHERE id = $1', [jobId]);
}

/** @returns false where something was kept of this job before, by whoever else goes on with it. */
export async function keepProgress(manager: EntityManager, jobId: string, kept: string): Promise<boolean> {
  const [, changed] = await manager.query<[unknown[], number]>('UPDATE write_job SET kept = $2 WHERE id = $1 AND kept IS NULL', [jobId, kept]);
  return changed === 1;
}

const recordColumns = 'task_id::text AS "taskId", plan, outcome';

/** The writes of a job, always in the same order. */
export async function listRecords(manager: EntityManager, jobId: string): Promise<JobRecord[]> {
  return (await manager.query<unknown[]>(`SELECT ${recordColumns} FROM write_job_record WHERE job_id = $1 ORDER BY task_id`, [jobId])).map(toJobRecord);
}

export async function findRecords(manager: EntityManager, taskIds: readonly string[]): Promise<Map<string, JobRecord>> {
  const rows = await manager.query<unknown[]>(`SELECT ${recordColumns} FROM write_job_record WHERE task_id = ANY($1)`, [taskIds]);
  return new Map(rows.map(toJobRecord).map((record) => [record.taskId, record]));
}

/** Ends a job with what became of its writes. */
export async function endJob(manager: EntityManager, jobId: string, outcomes: ReadonlyMap<string, BulkOutcome>): Promise<void> {
  await keepOutcomes(manager, outcomes);
  await manager.query('DELETE FROM write_job WHERE id = $1', [jobId]);
}

export async function keepOutcomes(manager: EntityManager, outcomes: ReadonlyMap<string, BulkOutcome>): Promise<void> {
  await manager.query(
    `UPDATE write_job_record AS record SET outcome = given.outcome
     FROM jsonb_to_recordset($1) AS given (task_id bigint, outcome jsonb) WHERE record.task_id = given.task_id`,
    [JSON.stringify([...outcomes].map(([taskId, outcome]) => ({ task_id: taskId, outcome: toColumn(outcome) })))]);
}

export async function removeRecord(manager: EntityManager, taskId: string): Promise<void> {
  await manager.query('DELETE FROM write_job_record WHERE task_id = $1', [taskId]);
}
