/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- the SDK's models are shapes that it serialises by name; its documents give them as literals, and its types hold them to the shape. */
import { sendInBatches, type RecordWritten } from '@crossdock/crm-connector';
import { Failure } from '@crossdock/contracts';
import type { BatchApi, PublicAssociationsForObject } from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import { z } from 'zod';
import { guarded } from './hubspot.answers.ts';
import { hubSpotRecordFailure } from './hubspot.errors.ts';
import { hubSpotLimits } from './hubspot.limits.ts';

/** A record as a batch takes it: what HubSpot finds it by, and what it shall hold; an empty text empties a property. */
export interface KeyedProperties {
  /** Its id, or its value of the batch's unique property; of one that is made, a name that no other has in this call. */
  readonly key: string;
  readonly properties: Record<string, string>;
  /** What a record that is made is associated with. */
  readonly associations?: PublicAssociationsForObject[];
}

export interface BatchTarget {
  readonly api: BatchApi;
  readonly objectType: string;
  readonly operation: string;
  /** Upserts by this unique property; left out, records are updated by their ids. */
  readonly idProperty?: string;
  /** Makes each record, whatever there is. */
  readonly isCreation?: true;
}

const answerSchema = z.object({
  results: z.array(z.object({
    id: z.string().min(1),
    _new: z.boolean().default(false),
    objectWriteTraceId: z.string().optional(),
    updatedAt: z.date().optional(),
    properties: z.record(z.string(), z.string().nullish()),
  })),
  errors: z.array(z.object({
    category: z.string(),
    message: z.string(),
    context: z.record(z.string(), z.array(z.string())).nullish(),
  })).nullish(),
});
type BatchAnswer = z.infer<typeof answerSchema>;

/** Writes records of one type, a result a record, in order; one that HubSpot refuses does not hold back the others. */
export function writeInBatches(records: readonly KeyedProperties[], target: BatchTarget): Promise<Array<RecordWritten | Failure>> {
  return sendInBatches(records, {
    keyOf: ({ key }) => key,
    maxBatchSize: hubSpotLimits.objectBatchSize,
    send: async (batch) => {
      const answer = guarded(answerSchema, await send(batch, target), target.operation);
      return batch.map(({ key }, index) => resultOf(answer, { ...target, key, traceId: String(index), batchSize: batch.length }));
    },
  });
}

/** HubSpot tells of each record apart because each has a trace id. */
function send(batch: readonly KeyedProperties[], { api, objectType, idProperty, isCreation }: BatchTarget): Promise<unknown> {
  if (isCreation) {
    return api.create(objectType, {
      inputs: batch.map(({ properties, associations = [] }, index) => ({ properties, associations, objectWriteTraceId: String(index) })),
    });
  }
  const inputs = batch.map(({ key, properties }, index) => ({ id: key, properties, objectWriteTraceId: String(index) }));
  if (idProperty === undefined) return api.update(objectType, { inputs });
  return api.upsert(objectType, { inputs: inputs.map((input) => ({ ...input, idProperty })) });
}

interface Asked extends Pick<BatchTarget, 'idProperty' | 'operation'> {
  readonly key: string;
  readonly traceId: string;
  readonly batchSize: number;
}

/**
 * Finds what the answer says about one record: by the trace id it was sent with, or by its key. A contact that HubSpot
 * found by a second address of his answers with his first one, so that only the trace id tells.
 */
function resultOf({ results, errors }: BatchAnswer, { key, traceId, idProperty, operation, batchSize }: Asked): RecordWritten | Failure {
  const keyOf = ({ id, properties }: BatchAnswer['results'][number]) => (idProperty === undefined ? id : properties[idProperty]);
  const done = results.find((result) => result.objectWriteTraceId === traceId)
    ?? results.find((result) => result.objectWriteTraceId === undefined && keyOf(result)?.toLowerCase() === key.toLowerCase())
    ?? (batchSize === 1 ? results[0] : undefined);
  if (done) return { outcome: 'written', id: done.id, created: done._new, ...(done.updatedAt && { modifiedAt: done.updatedAt.toISOString() }) };
  const error = errors?.find(({ context }) => context?.['objectWriteTraceId']?.includes(traceId) || context?.['ids']?.includes(key))
    ?? (batchSize === 1 ? errors?.[0] : undefined);
  return error
    ? hubSpotRecordFailure(operation, error)
    : new Failure('outcome_unknown', `HubSpot answered ${operation} without a word on one of the records.`);
}
