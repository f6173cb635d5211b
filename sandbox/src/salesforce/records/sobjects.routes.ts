import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { WriteJournal } from '../../write-journal.ts';
import { versionOf, type ExternalIdPath, type OrgOf, type RecordPath, type TypePath } from '../org-session.ts';
import type { Org } from '../orgs.ts';
import { recordAnswer, RecordWriting, SeveralMatch } from './record-writing.ts';
import { entityDeleted, invalidInput, noSuchColumn, noSuchResource } from '../salesforce-refusals.ts';
import type { SObjectRecord } from './sobject-records.ts';

const bodySchema = z.record(z.string(), z.unknown());
const readSchema = z.object({ fields: z.string().optional() });
const upsertSchema = z.object({ updateOnly: z.stringbool().default(false) });

const base = '/services/data/:version/sobjects/:type';

/** From this version on an upsert that updates answers 200 with a body; before, 204 without. */
const upsertAnswersSince = 46;

/** One record at a time, by its id or by an external id. */
export function registerSObjectRoutes(app: FastifyInstance, orgOf: OrgOf, journal: WriteJournal): void {
  const begin = (request: FastifyRequest): { org: Org; records: RecordWriting } => {
    const org = orgOf(request);
    return { org, records: new RecordWriting(org, journal) };
  };

  app.post<TypePath>(base, async (request, reply) => {
    const { records } = begin(request);
    const body = read(bodySchema, request.body, invalidInput);
    const { record } = records.prepareCreate(records.typeOf(request.params.type), body).run();
    return await reply.code(201).send({ id: record.id, success: true, errors: [] });
  });

  app.get<RecordPath>(`${base}/:id`, async (request) => {
    const { org, records } = begin(request);
    const record = liveRecord(org, records, request.params);
    return recordAnswer(record, request.params.version, chosenFields(org, record, request.query));
  });

  app.patch<RecordPath>(`${base}/:id`, async (request, reply) => {
    const { org, records } = begin(request);
    const body = read(bodySchema, request.body, invalidInput);
    records.prepareUpdate(liveRecord(org, records, request.params), body).run();
    return await reply.code(204).send();
  });

  app.delete<RecordPath>(`${base}/:id`, async (request, reply) => {
    const { org, records } = begin(request);
    records.delete(liveRecord(org, records, request.params));
    return await reply.code(204).send();
  });

  app.get<ExternalIdPath>(`${base}/:field/:value`, async (request, reply) => {
    const { org, records } = begin(request);
    const { type, field, value, version } = request.params;
    const [record, ...more] = records.byExternalId(records.typeOf(type), field, value);
    if (record === undefined) throw noSuchResource();
    if (more.length > 0) return await severalAnswer(reply, version, [record, ...more]);
    return recordAnswer(record, version, chosenFields(org, record, request.query));
  });

  app.patch<ExternalIdPath>(`${base}/:field/:value`, async (request, reply) => {
    const { records } = begin(request);
    const { type: typeName, field, value, version } = request.params;
    const type = records.typeOf(typeName);
    const body = read(bodySchema, request.body, invalidInput);
    const { updateOnly } = read(upsertSchema, request.query, invalidInput);
    if (updateOnly && records.byExternalId(type, field, value).length === 0) throw noSuchResource();
    try {
      const { record, created } = records.prepareUpsert(type, field, value, body).run();
      if (!created && versionOf(version) < upsertAnswersSince) return await reply.code(204).send();
      return await reply.code(created ? 201 : 200).send({ id: record.id, success: true, errors: [], created });
    } catch (error) {
      if (error instanceof SeveralMatch) return await severalAnswer(reply, version, error.records);
      throw error;
    }
  });
}

/** 300 with the addresses of all that match; nothing has been written. */
const severalAnswer = async (reply: FastifyReply, version: string, records: SObjectRecord[]): Promise<FastifyReply> =>
  await reply
    .code(300)
    .send(records.map((record) => `/services/data/${version}/sobjects/${record.type}/${record.id}`));

function liveRecord(org: Org, records: RecordWriting, path: { type: string; id: string }): SObjectRecord {
  const record = org.records.find(records.typeOf(path.type), path.id);
  if (record === undefined) throw noSuchResource();
  if (record.deleted) throw entityDeleted();
  return record;
}

function chosenFields(org: Org, record: SObjectRecord, query: unknown): string[] {
  const known = org.records.fields(record.type);
  const { fields } = read(readSchema, query, invalidInput);
  if (fields === undefined) return [...known.values()].map((field) => field.name);
  return fields.split(',').map((name) => {
    const field = known.get(name.trim().toLowerCase());
    if (field === undefined) throw noSuchColumn(name, record.type);
    return field.name;
  });
}
