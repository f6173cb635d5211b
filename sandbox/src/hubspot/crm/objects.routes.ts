import type { FastifyInstance, FastifyRequest } from 'fastify';
import { read } from '../../request-bodies.ts';
import type { WriteJournal } from '../../write-journal.ts';
import { objectTypeOf } from './crm-object-types.ts';
import type { Portal } from '../hubspot-accounts.ts';
import { invalidInput, notFound } from '../hubspot-refusals.ts';
import { createSchema, listQuerySchema, mergeSchema, readQuerySchema, updateSchema } from './object-inputs.ts';
import { appActor, type PortalOf } from '../portal-session.ts';
import { fullRecordAnswer, recordAnswer, withAssociations } from './record-answer.ts';
import { RecordWriting } from './record-writing.ts';

interface TypePath {
  Params: { type: string };
}
interface RecordPath {
  Params: { type: string; id: string };
}

/** One record at a time, and the list of a type. */
export function registerObjectRoutes(app: FastifyInstance, base: string, portalOf: PortalOf, journal: WriteJournal): void {
  const writing = (request: FastifyRequest): { portal: Portal; records: RecordWriting } => {
    const portal = portalOf(request);
    return { portal, records: new RecordWriting(portal, appActor(portal), journal) };
  };

  app.get<TypePath>(`${base}/:type`, async (request) => {
    const portal = portalOf(request);
    const type = objectTypeOf(request.params.type);
    const query = read(listQuerySchema, request.query, invalidInput);
    const page = portal.records.page(type, query);
    return {
      results: page.records.map((record) =>
        withAssociations(portal, record, recordAnswer(portal, record, query.properties), query.associations),
      ),
      ...(page.after === undefined ? {} : { paging: { next: { after: page.after } } }),
    };
  });

  app.post<TypePath>(`${base}/:type`, async (request, reply) => {
    const { portal, records } = writing(request);
    const type = objectTypeOf(request.params.type);
    const { record } = records.prepareCreate(type, read(createSchema, request.body, invalidInput)).run();
    return await reply.code(201).send(fullRecordAnswer(portal, record));
  });

  app.get<RecordPath>(`${base}/:type/:id`, async (request) => {
    const { portal, records } = writing(request);
    const type = objectTypeOf(request.params.type);
    const query = read(readQuerySchema, request.query, invalidInput);
    const record = query.archived
      ? portal.records.findArchived(type, request.params.id)
      : records.find(type, request.params.id, query.idProperty);
    if (record === undefined) throw notFound();
    return withAssociations(portal, record, recordAnswer(portal, record, query.properties), query.associations);
  });

  app.patch<RecordPath>(`${base}/:type/:id`, async (request) => {
    const { portal, records } = writing(request);
    const query = read(readQuerySchema, request.query, invalidInput);
    const body = read(updateSchema, request.body, invalidInput);
    const found = records.get(objectTypeOf(request.params.type), request.params.id, query.idProperty);
    return fullRecordAnswer(portal, records.prepareUpdate(found, body.properties).run().record);
  });

  app.post<TypePath>(`${base}/:type/merge`, async (request) => {
    const { portal, records } = writing(request);
    const { primaryObjectId, objectIdToMerge } = read(mergeSchema, request.body, invalidInput);
    return fullRecordAnswer(portal, records.merge(objectTypeOf(request.params.type), primaryObjectId, objectIdToMerge));
  });

  app.delete<RecordPath>(`${base}/:type/:id`, async (request, reply) => {
    writing(request).records.archive(objectTypeOf(request.params.type), request.params.id);
    return await reply.code(204).send();
  });
}
