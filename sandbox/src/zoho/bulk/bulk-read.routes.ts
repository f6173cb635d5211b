import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { OrgOf } from '../org-session.ts';
import { administrator } from '../settings/org-users.ts';
import { rightsOf, type Org } from '../zoho-orgs.ts';
import { invalidBody, noPermission, resourceNotFound, tooManyRequests } from '../zoho-refusals.ts';
import { zohoTime } from '../records/org-records.ts';
import { moduleOf } from '../records/records.routes.ts';
import { recordAnswer } from '../records/record-writing.ts';
import { zipOf } from './zip.ts';

const jobSchema = z.object({
  query: z.object({ module: z.object({ api_name: z.string() }), fields: z.array(z.string()).max(1_000), page: z.int().positive().default(1) }), file_type: z.literal('csv').default('csv'),
});

/** A reading of one module that is prepared in the background. */
export interface BulkReadJob {
  id: string;
  module: string;
  page: number;
  count: number;
  moreRecords: boolean;
  createdAtMs: number;
  csv: string;
  /** How often somebody asked how far it is. */
  looks: number;
  downloadedAtMs: number[];
}

interface JobPath {
  Params: { id: string };
}
const base = '/crm/bulk/v8/read';
const downloadsPerMinute = 10;

/** Bulk read: the records of a module as a ZIP of CSV, page by page; what a lookup names is its id there. */
export function registerBulkReadRoutes(app: FastifyInstance, orgOf: OrgOf): void {
  app.post(base, async (request, reply) => {
    const org = orgOf(request);
    const { query: { module: { api_name: name }, fields, page } } = read(jobSchema, request.body, invalidBody);
    const module = moduleOf(name);
    if (!rightsOf(org, module).viewable) throw noPermission(`Crm_Implied_View_${module}`);
    const unknown = fields.find((field) => org.fields.find(module, field) === undefined);
    if (unknown !== undefined) throw invalidBody('fields', `there is no ${unknown}`);
    const start = (page - 1) * org.options.bulkReadPageSize;
    const all = org.records.list(module);
    const records = all.slice(start, start + org.options.bulkReadPageSize);
    const job: BulkReadJob = {
      id: `55402300000${String(org.bulkReads.size + 1).padStart(8, '0')}`, module, page, count: records.length, moreRecords: all.length > start + records.length, createdAtMs: Date.now(), looks: 0, downloadedAtMs: [],
      csv: [['Id', ...fields], ...records.map((record) => ['id', ...fields].map((field) => recordAnswer(record, [field])[field]))].map((values) => `${values.map(cellOf).join(',')}\n`).join(''),
    };
    org.bulkReads.set(job.id, job);
    const details = { id: job.id, operation: 'read', state: 'ADDED', created_by: administrator, created_time: zohoTime(job.createdAtMs) };
    return await reply.code(201).send({ data: [{ status: 'success', code: 'ADDED_SUCCESSFULLY', message: 'Added successfully.', details }], info: {} });
  });

  /** Only the second look finds it done. */
  app.get<JobPath>(`${base}/:id`, async (request) => {
    const job = jobOf(orgOf(request), request);
    job.looks += 1;
    const result = { page: job.page, per_page: orgOf(request).options.bulkReadPageSize, count: job.count, download_url: `${base}/${job.id}/result`, more_records: job.moreRecords };
    const common = { id: job.id, operation: 'read', query: { module: { api_name: job.module }, page: job.page }, created_by: administrator, created_time: zohoTime(job.createdAtMs), file_type: 'csv' };
    return { data: [job.looks > 1 ? { ...common, state: 'COMPLETED', result } : { ...common, state: 'IN PROGRESS' }] };
  });

  app.get<JobPath>(`${base}/:id/result`, async (request, reply) => {
    const job = jobOf(orgOf(request), request);
    if (job.looks < 2) throw resourceNotFound();
    job.downloadedAtMs = [...job.downloadedAtMs.filter((atMs) => atMs > Date.now() - 60_000), Date.now()];
    if (job.downloadedAtMs.length > downloadsPerMinute) throw tooManyRequests();
    return await reply.type('application/octet-stream').send(zipOf(`${job.id}.csv`, job.csv));
  });
}

function jobOf(org: Org, request: FastifyRequest<JobPath>): BulkReadJob {
  const job = org.bulkReads.get(request.params.id);
  if (job === undefined) throw resourceNotFound();
  return job;
}

function cellOf(value: unknown): string {
  const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : '';
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
