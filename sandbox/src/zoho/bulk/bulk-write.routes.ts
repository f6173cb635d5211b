import { inflateRawSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { WriteJournal } from '../../write-journal.ts';
import type { OrgOf } from '../org-session.ts';
import { administrator } from '../settings/org-users.ts';
import type { Org } from '../zoho-orgs.ts';
import { invalidBody, noPermission, resourceNotFound } from '../zoho-refusals.ts';
import { zohoTime } from '../records/org-records.ts';
import { moduleOf } from '../records/records.routes.ts';
import { RecordWriting, type WriteResult } from '../records/record-writing.ts';
import { zipOf } from './zip.ts';

const jobSchema = z.object({
  operation: z.enum(['insert', 'update', 'upsert']), ignore_empty: z.boolean().default(false),
  resource: z.tuple([z.object({
    type: z.literal('data'), module: z.object({ api_name: z.string() }), file_id: z.string(), find_by: z.string().optional(),
    field_mappings: z.array(z.object({ api_name: z.string(), index: z.int().nonnegative(), find_by: z.string().optional() })).min(1),
  })]),
});
type NewJob = z.output<typeof jobSchema>;

/** Records that were brought as a file, and what became of each. */
export interface BulkWriteJob {
  id: string;
  operation: string;
  module: string;
  csv: string;
  counts: { added_count: number; updated_count: number; skipped_count: number; total_count: number };
  createdAtMs: number;
  /** How often somebody asked how far it is. */
  looks: number;
}

interface JobPath {
  Params: { id: string };
}
const base = '/crm/bulk/v8/write';
const mostBytes = 25_000_000;
const mostRecords = 25_000;
const repeatedColumns = 3;

/** Bulk write: a ZIP of one CSV is brought, a job writes its records, and its result says what became of each, in an order of its own. */
export function registerBulkWriteRoutes(app: FastifyInstance, orgOf: OrgOf, journal: WriteJournal): void {
  app.addContentTypeParser(/^multipart\/form-data/, { parseAs: 'buffer', bodyLimit: mostBytes }, (_request, body, done) => {
    done(null, body);
  });

  app.post('/crm/v8/upload', { bodyLimit: mostBytes }, async (request) => {
    const org = orgOf(request);
    if (request.headers['feature'] !== 'bulk-write' || request.headers['x-crm-org'] !== org.orgId) throw noPermission('Crm_Implied_Api_Access');
    const body = read(z.instanceof(Buffer), request.body, invalidBody);
    const archive = body.subarray(body.indexOf('PK\x03\x04', 0, 'latin1'));
    const fileId = `55402300001${String(org.uploads.size + 1).padStart(8, '0')}`;
    org.uploads.set(fileId, inflateRawSync(archive.subarray(30 + archive.readUInt16LE(26) + archive.readUInt16LE(28))).toString());
    return { status: 'success', code: 'FILE_UPLOAD_SUCCESS', message: 'file was uploaded', details: { file_id: fileId, created_time: zohoTime(Date.now()) } };
  });

  app.post(base, async (request, reply) => {
    const org = orgOf(request);
    const wanted = read(jobSchema, request.body, invalidBody);
    const job = run(org, wanted, journal);
    org.bulkWrites.set(job.id, job);
    return await reply.code(201).send({ status: 'success', code: 'ADDED_SUCCESSFULLY', message: 'success', details: { id: job.id, created_by: administrator } });
  });

  /** Only the second look finds it done. */
  app.get<JobPath>(`${base}/:id`, async (request) => {
    const job = orgOf(request).bulkWrites.get(request.params.id);
    if (job === undefined) throw resourceNotFound();
    job.looks += 1;
    const { id, operation, module, counts, createdAtMs } = job;
    const common = { id, operation, character_encoding: 'UTF-8', created_by: administrator, created_time: zohoTime(createdAtMs) };
    if (job.looks < 2) return { ...common, status: 'INPROGRESS' };
    return {
      ...common, status: 'COMPLETED', resource: [{ status: 'COMPLETED', type: 'data', module: { api_name: module }, file: { status: 'COMPLETED', name: `${module}.csv`, ...counts } }],
      result: { download_url: `${request.protocol}://${request.host}/zoho/apis/${org(request)}/crm/bulk/v8/write/${id}/result.zip` },
    };
  });

  app.get<JobPath>(`${base}/:id/result.zip`, async (request, reply) => {
    const job = orgOf(request).bulkWrites.get(request.params.id);
    if (job === undefined) throw resourceNotFound();
    return await reply.type('application/octet-stream').send(zipOf(`${job.module}-bulkwrite.csv`, job.csv));
  });

  const org = (request: Parameters<OrgOf>[0]): string => orgOf(request).options.location;
}

function run(org: Org, { operation, ignore_empty: ignoreEmpty, resource: [{ module: { api_name: name }, file_id: fileId, find_by: findBy = 'id', field_mappings: mappings }] }: NewJob, journal: WriteJournal): BulkWriteJob {
  const module = moduleOf(name);
  const [, ...rows] = parse(org.uploads.get(fileId) ?? '');
  if (rows.length === 0 || rows.length > mostRecords) throw invalidBody('file_id', 'the file is not there, holds nothing, or too many records');
  const writing = new RecordWriting(org, module, journal);
  const counts = { added_count: 0, updated_count: 0, skipped_count: 0, total_count: rows.length };
  const lines = rows.map((row, index) => {
    const values = Object.fromEntries(mappings.flatMap(({ api_name: field, index: column }): [string, unknown][] => {
      const text = row[column] ?? '';
      if (text === '') return ignoreEmpty ? [] : [[field, null]];
      const { dataType, lookup } = org.fields.find(module, field) ?? { dataType: 'text', lookup: null };
      return [[field, dataType === 'currency' && !Number.isNaN(Number(text)) ? Number(text) : lookup === null && dataType !== 'ownerlookup' ? text : { id: text }]];
    }));
    const result = write(writing, { operation, values, index, findBy });
    const isAdded = result.status === 'success' && result.message === 'record added';
    counts[result.status === 'error' ? 'skipped_count' : isAdded ? 'added_count' : 'updated_count'] += 1;
    const repeated = mappings.slice(0, repeatedColumns).map(({ index: column }) => row[column] ?? '');
    const field = result.status === 'error' ? result.details['api_name'] : undefined;
    return [...repeated, result.status === 'error' ? 'SKIPPED' : isAdded ? 'ADDED' : 'UPDATED', result.status === 'error' ? '' : String(result.details['id']), result.status === 'error' ? `${result.code}${typeof field === 'string' ? `-${field}` : ''}` : ''];
  });
  const header = [...mappings.slice(0, repeatedColumns).map(({ api_name: field }) => field), 'STATUS', 'RECORD_ID', 'ERRORS'];
  const csv = [header, ...lines.toReversed()].map((values) => `${values.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')}\n`).join('');
  return { id: `55402300002${String(org.bulkWrites.size + 1).padStart(8, '0')}`, operation, module, csv, counts, createdAtMs: Date.now(), looks: 0 };
}

function write(writing: RecordWriting, { operation, values, index, findBy }: { operation: NewJob['operation']; values: Record<string, unknown>; index: number; findBy: string }): WriteResult {
  if (operation === 'insert') return writing.insert(values, index);
  return operation === 'update' ? writing.update(String(values['id']), values, index) : writing.upsert(values, index, [findBy]);
}
