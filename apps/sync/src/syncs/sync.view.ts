import type { SyncRules } from '../merge/sync-rules.ts';
import type { SyncRun } from '../runs/run.repository.ts';
import type { Sync } from './sync.repository.ts';

/** A sync as callers see it; times are ISO 8601 in UTC with milliseconds. */
export interface SyncView extends SyncRules {
  readonly id: string;
  readonly name: string;
  readonly state: Sync['state'];
  readonly pollEverySeconds: number;
  readonly reconcileEveryHours: number;
  readonly createdAt: string;
}

export function viewSync({ id, name, rules, state, pollEverySeconds, reconcileEveryHours, createdAt }: Sync): SyncView {
  return { id, name, state, ...rules, pollEverySeconds, reconcileEveryHours, createdAt: createdAt.toISOString() };
}

export interface RunView extends Omit<SyncRun, 'startedAt' | 'endedAt'> {
  readonly startedAt: string;
  readonly endedAt?: string;
}

export function viewRun({ startedAt, endedAt, ...run }: SyncRun): RunView {
  return { ...run, startedAt: startedAt.toISOString(), ...(endedAt && { endedAt: endedAt.toISOString() }) };
}
