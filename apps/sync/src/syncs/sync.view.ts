import { timestampSchema } from '@crossdock/contracts';
import { z } from 'zod';
import { syncRulesSchema } from '../merge/sync-rules.ts';
import { syncRunSchema, type SyncRun } from '../runs/run.repository.ts';
import { syncStates, type Sync } from './sync.repository.ts';

/** A sync as callers see it; times are ISO 8601 in UTC with milliseconds. */
export const syncViewSchema = syncRulesSchema.extend({
  id: z.uuid(),
  name: z.string(),
  state: z.enum(syncStates),
  pollEverySeconds: z.number(),
  reconcileEveryHours: z.int(),
  createdAt: timestampSchema,
}).meta({ id: 'Sync' });
export type SyncView = z.infer<typeof syncViewSchema>;

export function viewSync({ id, name, rules, state, pollEverySeconds, reconcileEveryHours, createdAt }: Sync): SyncView {
  return { id, name, state, ...rules, pollEverySeconds, reconcileEveryHours, createdAt: createdAt.toISOString() };
}

export const runViewSchema = syncRunSchema.omit({ startedAt: true, endedAt: true }).extend({
  startedAt: timestampSchema,
  endedAt: timestampSchema.exactOptional(),
}).meta({ id: 'SyncRun' });
export type RunView = z.infer<typeof runViewSchema>;

export function viewRun({ startedAt, endedAt, ...run }: SyncRun): RunView {
  return { ...run, startedAt: startedAt.toISOString(), ...(endedAt && { endedAt: endedAt.toISOString() }) };
}
