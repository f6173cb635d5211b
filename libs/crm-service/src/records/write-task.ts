import { writeRequested } from '@crossdock/contracts';
import { defineTaskKind, type Task } from '@crossdock/task-queue';
import type { z } from 'zod';

/** Requests of one connection go out together, in the largest batch that every CRM takes, or a vendor's own; those of less than half a second share a call. A lock or a rule that is in the way is tried for minutes, not for hours. */
export const writeTask = defineTaskKind({
  kind: 'crm.write-record',
  schema: writeRequested.schema.pick({ object: true, requestId: true, recordKey: true, action: true, connectionId: true }),
  batchSize: 100,
  gatherMs: 400,
  timeoutMs: 60_000,
  maxAttempts: 10,
});
export type WritePayload = z.infer<typeof writeTask.schema>;
export type WriteTask = Task<WritePayload>;
