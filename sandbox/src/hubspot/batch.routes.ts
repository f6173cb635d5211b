import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { read } from '../request-bodies.ts';
import type { WriteJournal } from '../write-journal.ts';
import { objectTypeFacts, objectTypeOf } from './crm-object-types.ts';
import type { Portal } from './hubspot-accounts.ts';
import { HubSpotRefusal, invalid, invalidInput, type HubSpotError } from './hubspot-refusals.ts';
import {
  batchArchiveSchema,
  batchCreateSchema,
  batchReadSchema,
  batchUpdateSchema,
  batchUpsertSchema,
} from './object-inputs.ts';
import { appActor, type PortalOf } from './portal-session.ts';
import { fullRecordAnswer, recordAnswer, type RecordAnswer } from './record-answer.ts';
import { RecordWriting, type PreparedWrite } from './record-writing.ts';

interface TypePath {
  Params: { type: string };
}

interface BatchWrite {
  traceId: string | undefined;
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
    const found = body.inputs.map(({ id }) => ({ id, record: records.find(type, id, body.idProperty) }));
    const missing = found.filter(({ record }) => record === undefined).map(({ id }) => id);
    const results = found.flatMap(({ record }) =>
      record === undefined ? [] : [recordAnswer(portal, record, body.properties)],
    );
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
    const { done, errors } = writeBatch(type, writes);
    return await answer(reply, 201, done.map(({ record, trace }) => ({ ...fullRecordAnswer(portal, record), ...trace })), errors);
  });

  app.post<TypePath>(`${base}/:type/batch/update`, async (request, reply) => {
    const { portal, records } = begin(request);
    const type = objectTypeOf(request.params.type);
    const { inputs } = read(batchUpdateSchema, request.body, invalidInput);
    const writes = inputs.map((input) => ({
      traceId: input.objectWriteTraceId,
      prepare: () => {
        const record = records.find(type, input.id, input.idProperty);
        return record === undefined ? { missingId: input.id } : records.prepareUpdate(record, input.properties);
      },
    }));
    const { done, errors } = writeBatch(type, writes);
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
    const { done, errors } = writeBatch(type, writes);
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

/**
 * Without trace ids one bad input refuses the whole batch and nothing is written.
 * With them the good ones are written and each bad one is named by its trace id.
 * A record to update that is not there is always told apart.
 */
function writeBatch(
  type: ReturnType<typeof objectTypeOf>,
  writes: BatchWrite[],
): { done: (ReturnType<PreparedWrite['run']> & { trace: { objectWriteTraceId?: string } })[]; errors: BatchError[] } {
  const partial = writes.every((write) => write.traceId !== undefined);
  const errors: BatchError[] = [];
  const missing: string[] = [];
  const claimed = new Set<string>();
  const ready: { write: PreparedWrite; traceId: string | undefined }[] = [];
  for (const { prepare, traceId } of writes) {
    try {
      const write = prepare();
      if ('missingId' in write) {
        missing.push(write.missingId);
        continue;
      }
      const doubled = write.claims.find((claim) => claimed.has(claim));
      if (doubled !== undefined) throw invalid(`Duplicate IDs found in batch input: [${doubled}]. IDs must be unique`);
      for (const claim of write.claims) claimed.add(claim);
      ready.push({ write, traceId });
    } catch (error) {
      if (!partial || !(error instanceof HubSpotRefusal)) throw error;
      errors.push(tracedError(error, traceId ?? ''));
    }
  }
  if (missing.length > 0) errors.push(notFoundError(type, missing));
  const done = ready.map(({ write, traceId }) => ({
    ...write.run(),
    trace: traceId === undefined ? {} : { objectWriteTraceId: traceId },
  }));
  return { done, errors };
}

function tracedError({ error }: HubSpotRefusal, traceId: string): BatchError {
  const { status, message, category, context } = error;
  return {
    status,
    ...(category === undefined ? {} : { category }),
    message,
    context: { ...context, objectWriteTraceId: [traceId] },
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
