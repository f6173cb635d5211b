import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { WriteJournal } from '../../write-journal.ts';
import type { OrgOf, VersionPath } from '../org-session.ts';
import { RecordWriting, SeveralMatch, type PreparedWrite } from './record-writing.ts';
import { sobjectTypes } from './sobject-fields.ts';
import { entityDeleted, invalidInput, noSuchResource, SalesforceRefusal } from '../salesforce-refusals.ts';

/** At most 200 records in one call. */
const collectionSchema = z.object({
  allOrNone: z.boolean().default(false),
  records: z.array(z.looseObject({ attributes: z.object({ type: z.string() }).optional() })).min(1).max(200),
});
type Collection = z.output<typeof collectionSchema>;
const deletionSchema = z.object({ ids: z.string().transform((text) => text.split(',')).pipe(z.array(z.string()).min(1).max(200)), allOrNone: z.stringbool().default(false) });

interface SaveResult {
  id?: string;
  success: boolean;
  errors: { statusCode: string; message: string; fields: string[] }[];
  created?: boolean;
}

const rolledBack: SaveResult = {
  success: false,
  errors: [
    {
      statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
      fields: [],
    },
  ],
};

/** sObject Collections: many records in one call, each with its own result, or all or none. */
export function registerCollectionRoutes(app: FastifyInstance, orgOf: OrgOf, journal: WriteJournal): void {
  const begin = (request: FastifyRequest): { records: RecordWriting; body: Collection } => ({
    records: new RecordWriting(orgOf(request), journal),
    body: read(collectionSchema, request.body, invalidInput),
  });

  app.post<VersionPath>('/services/data/:version/composite/sobjects', async (request) => {
    const { records, body } = begin(request);
    const writes = body.records.map((input) => () => records.prepareCreate(records.typeOf(input.attributes?.type ?? ''), input));
    return save(writes, body.allOrNone, false);
  });

  app.patch<VersionPath>('/services/data/:version/composite/sobjects', async (request) => {
    const { records, body } = begin(request);
    const org = orgOf(request);
    const writes = body.records.map(({ id, Id, ...input }) => () => {
      const record = org.records.find(records.typeOf(input.attributes?.type ?? ''), String(Id ?? id));
      if (record === undefined) throw noSuchResource();
      if (record.deleted) throw entityDeleted();
      return records.prepareUpdate(record, input);
    });
    return save(writes, body.allOrNone, false);
  });

  app.delete<VersionPath>('/services/data/:version/composite/sobjects', async (request) => {
    const org = orgOf(request);
    const records = new RecordWriting(org, journal);
    const { ids, allOrNone } = read(deletionSchema, request.query, invalidInput);
    const writes = ids.map((id) => () => {
      const record = sobjectTypes.map((type) => org.records.find(type, id)).find((found) => found !== undefined);
      if (record === undefined) throw noSuchResource();
      if (record.deleted) throw entityDeleted();
      return records.prepareDelete(record);
    });
    return save(writes, allOrNone, false);
  });

  app.patch<{ Params: { version: string; type: string; field: string } }>(
    '/services/data/:version/composite/sobjects/:type/:field',
    async (request) => {
      const { records, body } = begin(request);
      const { field } = request.params;
      const type = records.typeOf(request.params.type);
      const seen = new Set<string>();
      const writes = body.records.map(({ [field]: externalId, ...input }) => () => {
        const value = typeof externalId === 'number' ? String(externalId) : externalId;
        if (typeof value !== 'string' || value === '') throw new SalesforceRefusal(400, 'MISSING_ARGUMENT', `${field} not specified`, []);
        if (seen.has(value.toLowerCase())) {
          throw new SalesforceRefusal(400, 'DUPLICATE_VALUE', `Duplicate external id specified: ${value}`, [field]);
        }
        seen.add(value.toLowerCase());
        return records.prepareUpsert(type, field, value, input);
      });
      return save(writes, body.allOrNone, true);
    },
  );
}

/** Checks all, then writes; with all-or-none one fault keeps every record as it was. */
function save(writes: (() => PreparedWrite)[], allOrNone: boolean, tellCreated: boolean): SaveResult[] {
  const prepared = writes.map((prepare): PreparedWrite | SaveResult => {
    try {
      return prepare();
    } catch (error) {
      return faultOf(error);
    }
  });
  const failed = prepared.some((entry) => !('run' in entry));
  return prepared.map((entry) => {
    if (!('run' in entry)) return entry;
    if (failed && allOrNone) return rolledBack;
    const { record, created } = entry.run();
    return { id: record.id, success: true, errors: [], ...(tellCreated ? { created } : {}) };
  });
}

/** A field that is not there makes the body unreadable, so that the whole call is refused. */
function faultOf(error: unknown): SaveResult {
  if (error instanceof SalesforceRefusal && error.errorCode === 'INVALID_FIELD' && error.fields.length === 0) throw error;
  if (error instanceof SalesforceRefusal) {
    return { success: false, errors: [{ statusCode: error.errorCode, message: error.reason, fields: error.fields }] };
  }
  if (error instanceof SeveralMatch) {
    const message = `External id matches more than one record: ${error.records.map((record) => record.id).join(', ')}`;
    return { success: false, errors: [{ statusCode: 'DUPLICATE_EXTERNAL_ID', message, fields: [] }] };
  }
  throw error;
}
