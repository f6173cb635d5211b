import { sendInBatches } from '@crossdock/crm-connector';
import { Failure } from '@crossdock/contracts';
import type { Connection as JsforceConnection } from 'jsforce/lib/connection.js';
import { z } from 'zod';
import { salesforceRecordFailure } from './salesforce.errors.ts';
import { salesforceLimits } from './salesforce.limits.ts';

const saveResultsSchema = z.array(z.object({
  id: z.string().nullish(),
  success: z.boolean(),
  created: z.boolean().nullish(),
  errors: z.array(z.object({ statusCode: z.string().optional(), errorCode: z.string().optional(), fields: z.array(z.string()).nullish() })).default([]),
}));
export type SaveResult = z.infer<typeof saveResultsSchema>[number];

interface Role {
  readonly OpportunityId: string;
  readonly ContactId: string;
}

/** Gives contacts a part in opportunities. The roles that exist must have been left out: Salesforce would double them. */
export function createContactRoles(jsforce: JsforceConnection, roles: readonly Role[], operation: string): Promise<Array<'created' | Failure>> {
  return sendInBatches(roles, {
    keyOf: ({ OpportunityId, ContactId }) => `${OpportunityId} ${ContactId}`,
    maxBatchSize: salesforceLimits.collectionSize,
    send: async (batch) => {
      const answer = parseSaveResults(await jsforce.create('OpportunityContactRole', [...batch], { allOrNone: false }), operation);
      return batch.map((_, index) => {
        const saved = answer[index];
        if (!saved) return new Failure('outcome_unknown', `Salesforce answered ${operation} without a word on one of the records.`);
        return saved.success && saved.id ? 'created' as const : salesforceRecordFailure(operation, saved.errors);
      });
    },
  });
}

/** @throws Failure where the answer to a collection is not as documented. */
export function parseSaveResults(answer: unknown, operation: string): SaveResult[] {
  const parsed = saveResultsSchema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new Failure('unexpected', `Salesforce's answer to ${operation} is not as documented.`, { cause: parsed.error });
}
