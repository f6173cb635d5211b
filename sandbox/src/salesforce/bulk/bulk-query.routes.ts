import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { OrgOf, VersionPath } from '../org-session.ts';
import type { BulkQueryJob } from '../orgs.ts';
import { recordAnswer } from '../records/record-writing.ts';
import { apiDisabled, invalidInput, invalidJobState, noSuchResource } from '../salesforce-refusals.ts';
import { select } from '../soql/soql-selection.ts';
import { csvOf } from './csv.ts';

const newJobSchema = z.object({
  operation: z.enum(['query', 'queryAll']), query: z.string(),
  contentType: z.literal('CSV').default('CSV'), columnDelimiter: z.literal('COMMA').default('COMMA'), lineEnding: z.literal('LF').default('LF'),
});
const resultsSchema = z.object({ locator: z.string().optional(), maxRecords: z.coerce.number().int().positive().default(50_000) });

interface JobPath {
  Params: VersionPath['Params'] & { id: string };
}
const base = '/services/data/:version/jobs/query';

/** Bulk API 2.0: a query that is prepared in the background, and its results as CSV, part by part. */
export function registerBulkQueryRoutes(app: FastifyInstance, orgOf: OrgOf): void {
  app.post<VersionPath>(base, async (request) => {
    const org = orgOf(request);
    if (!org.options.bulkApi) throw apiDisabled();
    const { operation, query } = read(newJobSchema, request.body, invalidInput);
    const selection = select(org.records, query, operation === 'queryAll');
    const id = `750ak0${String(org.bulkQueries.size + 1).padStart(9, '0')}AAA`;
    const job: BulkQueryJob = {
      id, operation, object: selection.type, createdById: org.userId, createdDate: new Date().toISOString().replace('Z', '+0000'), fields: selection.fields,
      rows: selection.records.map((record) => recordAnswer(record, request.params.version, selection.fields)), looks: 0,
    };
    org.bulkQueries.set(id, job);
    return jobAnswer(job, 'UploadComplete');
  });

  /** Only the second look finds it done. */
  app.get<JobPath>(`${base}/:id`, async (request) => {
    const job = jobOf(orgOf, request);
    job.looks += 1;
    return jobAnswer(job, job.looks > 1 ? 'JobComplete' : 'InProgress');
  });

  app.get<JobPath>(`${base}/:id/results`, async (request, reply) => {
    const { rows, fields, looks } = jobOf(orgOf, request);
    if (looks < 2) throw invalidJobState();
    const { locator, maxRecords } = read(resultsSchema, request.query, invalidInput);
    const start = locator === undefined ? 0 : Number(Buffer.from(locator, 'base64').toString());
    const end = start + maxRecords;
    const part = rows.slice(start, end);
    reply.headers({
      'sforce-numberofrecords': String(part.length), 'sforce-locator': end < rows.length ? Buffer.from(String(end)).toString('base64') : 'null',
    });
    return await reply.type('text/csv; charset=utf-8').send(csvOf(fields, part));
  });
}

function jobOf(orgOf: OrgOf, request: FastifyRequest<JobPath>): BulkQueryJob {
  const job = orgOf(request).bulkQueries.get(request.params.id);
  if (job === undefined) throw noSuchResource();
  return job;
}

const jobAnswer = ({ id, operation, object, createdById, createdDate }: BulkQueryJob, state: string): Record<string, unknown> => ({
  id, operation, object, createdById, createdDate, systemModstamp: createdDate, state, concurrencyMode: 'Parallel', contentType: 'CSV', apiVersion: 67, lineEnding: 'LF', columnDelimiter: 'COMMA',
});
