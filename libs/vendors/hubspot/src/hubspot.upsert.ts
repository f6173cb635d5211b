/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- the SDK's models are shapes that it serialises by name; its documents give them as literals, and its types hold them to the shape. */
import { sendInBatches, type AuthorisedCall, type UpsertResult } from '@crossdock/crm-connector';
import { Failure } from '@crossdock/contracts';
import type { BatchApi } from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import { z } from 'zod';
import { hubSpotRecordFailure } from './hubspot.errors.ts';
import { hubSpotLimits } from './hubspot.limits.ts';

/** A record as a batch upsert takes it: the value HubSpot finds it by, and what it shall hold. */
export interface KeyedProperties {
  readonly key: string;
  readonly properties: Record<string, string>;
}

const answerSchema = z.object({
  results: z.array(z.object({
    id: z.string().min(1),
    _new: z.boolean(),
    objectWriteTraceId: z.string().optional(),
    properties: z.record(z.string(), z.string().nullish()),
  })),
  errors: z.array(z.object({
    category: z.string(),
    message: z.string(),
    context: z.record(z.string(), z.array(z.string())).nullish(),
  })).nullish(),
});
type UpsertAnswer = z.infer<typeof answerSchema>;

/** Upserts records of one type by a unique property, a result a record, in order. */
export function upsertByProperty(
  records: readonly KeyedProperties[],
  { api, objectType, idProperty, operation }: {
    readonly api: BatchApi; readonly objectType: string; readonly idProperty: string;
  } & Pick<AuthorisedCall, 'operation'>,
): Promise<UpsertResult[]> {
  return sendInBatches(records, {
    keyOf: ({ key }) => key,
    maxBatchSize: hubSpotLimits.objectBatchSize,
    send: async (batch) => {
      const answer = await api.upsert(objectType, {
        inputs: batch.map(({ key, properties }, index) => ({
          id: key, idProperty, properties, objectWriteTraceId: String(index),
        })),
      });
      const parsed = answerSchema.safeParse(answer);
      if (!parsed.success) throw new Failure('unexpected', `HubSpot's answer to ${operation} is not as documented.`, { cause: parsed.error });
      return batch.map(({ key }, index) => resultOf(parsed.data, { key, traceId: String(index), idProperty, operation, batchSize: batch.length }));
    },
  });
}

interface Asked {
  readonly key: string;
  readonly traceId: string;
  readonly idProperty: string;
  readonly operation: string;
  readonly batchSize: number;
}

/**
 * Finds what the answer says about one record: by the trace id it was sent with, or by its key. A contact that HubSpot
 * found by a second address of his answers with his first one, so that only the trace id tells.
 */
function resultOf({ results, errors }: UpsertAnswer, { key, traceId, idProperty, operation, batchSize }: Asked): UpsertResult {
  const done = results.find((result) => result.objectWriteTraceId === traceId)
    ?? results.find((result) => result.objectWriteTraceId === undefined && result.properties[idProperty]?.toLowerCase() === key.toLowerCase())
    ?? (batchSize === 1 ? results[0] : undefined);
  if (done) return { outcome: 'upserted', crmId: done.id, created: done._new };
  const error = errors?.find(({ context }) => context?.['objectWriteTraceId']?.includes(traceId) || context?.['ids']?.includes(key))
    ?? (batchSize === 1 ? errors?.[0] : undefined);
  return error
    ? hubSpotRecordFailure(operation, error)
    : new Failure('outcome_unknown', `HubSpot answered ${operation} without a word on one of the records.`);
}
