import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { read } from '../../request-bodies.ts';
import type { WriteJournal } from '../../write-journal.ts';
import { objectTypeFacts, objectTypeOf } from './crm-object-types.ts';
import type { Portal } from '../hubspot-accounts.ts';
import { HubSpotRefusal, invalid, invalidInput, type HubSpotError } from '../hubspot-refusals.ts';
import {
  batchArchiveSchema,
  batchCreateSchema,
  batchReadQuerySchema,
  batchReadSchema,
  batchUpdateSchema,
  batchUpsertSchema,
} from './object-inputs.ts';
import { appActor, type PortalOf } from '../portal-session.ts';
import { fullRecordAnswer, recordAnswer, type RecordAnswer } from './record-answer.ts';
import { RecordWriting, type PreparedWrite } from './record-writing.ts';

interface TypePath {
  Params: { type: string };
}

interface BatchWrite {
  traceId: string | undefined;
  /** What the caller names the record by, when it names one. */
  id?: string;
  prepare: () => PreparedWrite | MissingRecord;
}

interface MissingRecord {
  missingId: string;
}

type BatchError = Omit<HubSpotError, 'correlationId'>;

/** Up to 100 records in one call, with HubSpot's rules for what happens when some of them fail. */
export function registerBatchRoutes(app: FastifyInstance, base: string, portalOf: PortalOf, journal: WriteJournal): void {
  const begin = (request: FastifyRequest): { portal: Portal; records: RecordWriting } => {
    const portal = portalOf(request);
    return { portal, records: new RecordWriting(portal, appActor(portal), journal) };
  };

  app.post<TypePath>(`${base}/:type/batch/read`, async (request, reply) => {
    const { portal, records } = begin(request);
    const type = objectTypeOf(request.params.type);
    const body = read(batchReadSchema, request.body, invalidInput);
    const { archived } = read(batchReadQuerySchema, request.query, invalidInput);
    const find = (id: string) => (archived ? portal.records.findArchived(type, id) : records.find(type, id, body.idProperty));
    const found = body.inputs.map(({ id }) => ({ id, record: find(id) }));
    const missing = found.filter(({ record }) => record === undefined).map(({ id }) => id);
    // A record that is asked for by several of its ids or addresses is told once.
    const results = [...new Set(found.flatMap(({ record }) => (record === undefined ? [] : [record])))]
      .map((record) => recordAnswer(portal, record, body.properties));
    return await answer(reply, 200, results, missing.length === 0 ? [] : [notFoundError(type, missing)]);
  });

  app.post<TypePath>(`${base}/:type/batch/create`, async (request, reply) => {
    const { portal, records } = begin(request);
    const type = objectTypeOf(request.params.type);
    const { inputs } = read(batchCreateSchema, request.body, invalidInput);
    const writes = inputs.map((input) => ({
      traceId: input.objectWriteTraceId,
      prepare: () => records.prepareCreate(type, input),
    }));
    const { done, errors } = writeBatch(type, writes, isTraced(writes));
    return await answer(reply, 201, done.map(({ record, trace }) => ({ ...fullRecordAnswer(portal, record), ...trace })), errors);
  });

  app.post<TypePath>(`${base}/:type/batch/update`, async (request, reply) => {
    const { portal, records } = begin(request);
    const type = objectTypeOf(request.params.type);
    const { inputs } = read(batchUpdateSchema, request.body, invalidInput);
    const writes = inputs.map((input) => ({
      traceId: input.objectWriteTraceId,
      id: input.id,
      prepare: () => {
        const record = records.find(type, input.id, input.idProperty);
        return record === undefined ? { missingId: input.id } : records.prepareUpdate(record, input.properties);
      },
    }));
    const { done, errors } = writeBatch(type, writes, true);
    return await answer(reply, 200, done.map(({ record, trace }) => ({ ...fullRecordAnswer(portal, record), ...trace })), errors);
  });

  app.post<TypePath>(`${base}/:type/batch/upsert`, async (request, reply) => {
    const { portal, records } = begin(request);
    const type = objectTypeOf(request.params.type);
    const { inputs } = read(batchUpsertSchema, request.body, invalidInput);
    const writes = inputs.map((input) => ({
      traceId: input.objectWriteTraceId,
      prepare: () => records.prepareUpsert(type, input.idProperty, input.id, input.properties),
    }));
    const { done, errors } = writeBatch(type, writes, isTraced(writes));
    const results = done.map(({ record, isNew, trace }) => ({ ...fullRecordAnswer(portal, record), new: isNew, ...trace }));
    return await answer(reply, 200, results, errors);
  });

  app.post<TypePath>(`${base}/:type/batch/archive`, async (request, reply) => {
    const { records } = begin(request);
    const type = objectTypeOf(request.params.type);
    const { inputs } = read(batchArchiveSchema, request.body, invalidInput);
    for (const { id } of inputs) records.archive(type, id);
    return await reply.code(204).send();
  });
}

/** HubSpot's error-handling page: a batch create tells of each input apart only when every one has a trace id. */
const isTraced = (writes: BatchWrite[]): boolean => writes.every((write) => write.traceId !== undefined);

/**
 * With `partial` the good inputs are written and each bad one is told; without it one bad input refuses them all.
 * A batch that means one record twice is refused as a whole.
 */
function writeBatch(
  type: ReturnType<typeof objectTypeOf>,
  writes: BatchWrite[],
  partial: boolean,
): { done: (ReturnType<PreparedWrite['run']> & { trace: { objectWriteTraceId?: string } })[]; errors: BatchError[] } {
  const errors: BatchError[] = [];
  const missing: string[] = [];
  const ready: { write: PreparedWrite; traceId: string | undefined }[] = [];
  for (const input of writes) {
    try {
      const write = input.prepare();
      if ('missingId' in write) missing.push(write.missingId);
      else ready.push({ write, traceId: input.traceId });
    } catch (error) {
      if (!partial || !(error instanceof HubSpotRefusal)) throw error;
      errors.push(errorOf(error, input));
    }
  }
  const claims = ready.flatMap(({ write }) => [...new Set(write.claims)]);
  const doubled = claims.find((claim, index) => claims.indexOf(claim) !== index);
  if (doubled !== undefined) throw invalid(`Duplicate IDs found in batch input: [${doubled}]. IDs must be unique`);
  if (missing.length > 0) errors.push(notFoundError(type, missing));
  const done = ready.map(({ write, traceId }) => ({
    ...write.run(),
    trace: traceId === undefined ? {} : { objectWriteTraceId: traceId },
  }));
  return { done, errors };
}

function errorOf({ error }: HubSpotRefusal, { traceId, id }: BatchWrite): BatchError {
  const { status, message, category, context } = error;
  return {
    status,
    ...(category === undefined ? {} : { category }),
    message,
    context: {
      ...context,
      ...(id === undefined ? {} : { ids: [id] }),
      ...(traceId === undefined ? {} : { objectWriteTraceId: [traceId] }),
    },
  };
}

const notFoundError = (type: ReturnType<typeof objectTypeOf>, ids: string[]): BatchError => ({
  status: 'error',
  category: 'OBJECT_NOT_FOUND',
  message: `Could not get some ${objectTypeFacts[type].singular.toUpperCase()} objects, they may be deleted or not exist. Check that ids are valid.`,
  context: { ids },
});

async function answer(
  reply: FastifyReply,
  status: number,
  results: RecordAnswer[],
  errors: BatchError[],
): Promise<FastifyReply> {
  const now = new Date().toISOString();
  const failed = errors.length === 0 ? {} : { numErrors: errors.length, errors };
  return await reply
    .code(errors.length === 0 ? status : 207)
    .send({ status: 'COMPLETE', results, startedAt: now, completedAt: now, ...failed });
}
