import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { WriteJournal } from '../../write-journal.ts';
import type { OrgOf, VersionPath } from '../org-session.ts';
import { sobjectTypes } from '../records/sobject-fields.ts';
import { apiDisabled, invalidInput, invalidJobState, noSuchResource } from '../salesforce-refusals.ts';
import { csvOf } from './csv.ts';
import { process, upload, type IngestJob } from './ingest-job.ts';

const newJobSchema = z.object({
  operation: z.enum(['insert', 'update', 'upsert']), object: z.enum(sobjectTypes), externalIdFieldName: z.string().optional(),
  contentType: z.literal('CSV').default('CSV'), columnDelimiter: z.literal('COMMA').default('COMMA'), lineEnding: z.literal('LF').default('LF'),
}).refine(({ operation, externalIdFieldName }) => operation !== 'upsert' || externalIdFieldName !== undefined, { path: ['externalIdFieldName'], message: 'An upsert names an external id.' });
const changeSchema = z.object({ state: z.enum(['UploadComplete', 'Aborted']) });
const resultsSchema = z.object({ locator: z.string().optional(), maxRecords: z.coerce.number().int().positive().default(50_000) });

interface JobPath {
  Params: VersionPath['Params'] & { id: string };
}
const base = '/services/data/:version/jobs/ingest';
/** A hundred million characters of CSV. */
const mostBytes = 100_000_000;

/** Bulk API 2.0: records that are brought as CSV, written in the background, and their results, each kind by itself. */
export function registerIngestRoutes(app: FastifyInstance, orgOf: OrgOf, journal: WriteJournal): void {
  app.addContentTypeParser('text/csv', { parseAs: 'string', bodyLimit: mostBytes }, (_request, body, done) => {
    done(null, body.toString());
  });

  app.post<VersionPath>(base, async (request) => {
    const org = orgOf(request);
    if (!org.options.bulkApi) throw apiDisabled();
    const wanted = read(newJobSchema, request.body, invalidInput);
    const job: IngestJob = {
      ...wanted, id: `750ak1${String(org.ingestJobs.size + 1).padStart(9, '0')}AAA`, createdById: org.userId, createdDate: new Date().toISOString().replace('Z', '+0000'),
      state: 'Open', data: undefined, successful: [], failed: [], unprocessed: [], looks: 0,
    };
    org.ingestJobs.set(job.id, job);
    return jobAnswer(job);
  });

  /** Takes the records once. */
  app.put<JobPath>(`${base}/:id/batches`, { bodyLimit: mostBytes }, async (request, reply) => {
    const job = jobOf(orgOf, request);
    if (job.state !== 'Open' || job.data !== undefined) throw invalidJobState();
    upload(job, read(z.string(), request.body, invalidInput));
    return await reply.code(201).send();
  });

  app.patch<JobPath>(`${base}/:id`, async (request) => {
    const job = jobOf(orgOf, request);
    const { state } = read(changeSchema, request.body, invalidInput);
    if (job.state !== 'Open') throw invalidJobState();
    if (state === 'UploadComplete') process(job, orgOf(request), journal);
    else Object.assign(job, { state, unprocessed: job.data?.rows ?? [] });
    return jobAnswer(job);
  });

  app.get<VersionPath>(base, async (request) => ({ done: true, records: [...orgOf(request).ingestJobs.values()].map(jobAnswer), nextRecordsUrl: null }));

  /** Only the second look finds it done. */
  app.get<JobPath>(`${base}/:id`, async (request) => {
    const job = jobOf(orgOf, request);
    if (job.state !== 'Open') job.looks += 1;
    return jobAnswer(job);
  });

  for (const [path, kind, more] of [
    ['successfulResults', 'successful', ['sf__Id', 'sf__Created']], ['failedResults', 'failed', ['sf__Id', 'sf__Error']], ['unprocessedrecords', 'unprocessed', []],
  ] as const) {
    app.get<JobPath>(`${base}/:id/${path}`, async (request, reply) => {
      const job = jobOf(orgOf, request);
      if (!isOver(job)) throw invalidJobState();
      const { locator, maxRecords } = read(resultsSchema, request.query, invalidInput);
      // In an order of their own.
      const rows = job[kind].toReversed();
      const start = locator === undefined ? 0 : Number(Buffer.from(locator, 'base64').toString());
      const end = start + maxRecords;
      reply.header('sforce-locator', end < rows.length ? Buffer.from(String(end)).toString('base64') : 'null');
      return await reply.type('text/csv; charset=utf-8').send(csvOf([...more, ...job.data?.names ?? []], rows.slice(start, end)));
    });
  }
}

function jobOf(orgOf: OrgOf, request: FastifyRequest<JobPath>): IngestJob {
  const job = orgOf(request).ingestJobs.get(request.params.id);
  if (job === undefined) throw noSuchResource();
  return job;
}

const isOver = ({ state, looks }: IngestJob): boolean => state === 'Aborted' || (state !== 'Open' && looks > 1);

function jobAnswer(job: IngestJob): Record<string, unknown> {
  const { id, operation, object, externalIdFieldName, createdById, createdDate, successful, failed, errorMessage } = job;
  const counts = { numberRecordsProcessed: successful.length + failed.length, numberRecordsFailed: failed.length, retries: 0, totalProcessingTime: 0, apiActiveProcessingTime: 0, apexProcessingTime: 0 };
  const state = job.state === 'Open' || isOver(job) ? job.state : job.looks === 0 ? 'UploadComplete' : 'InProgress';
  return {
    id, operation, object, createdById, createdDate, systemModstamp: createdDate, state, ...(externalIdFieldName !== undefined && { externalIdFieldName }),
    concurrencyMode: 'Parallel', contentType: 'CSV', apiVersion: 67, jobType: 'V2Ingest', lineEnding: 'LF', columnDelimiter: 'COMMA',
    ...(isOver(job) && { ...counts, ...(errorMessage !== undefined && { errorMessage }) }),
  };
}
