import type { CalledParty } from '@crossdock/contracts';
import type { CallOutcome } from './call-metrics.ts';

/** What is kept of one attempt to call a vendor: enough to answer a question, nothing of what was said. */
export interface CallRecord {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly vendor: CalledParty;
  readonly operation: string;
  readonly method: string;
  /** The path, what may name a record put away: `/crm/v3/objects/contacts/{…}`. */
  readonly endpoint: string;
  /** Counted from 1: which try of this call it was. */
  readonly attempt: number;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly outcome: CallOutcome;
  /** Absent where no answer came. */
  readonly status?: number;
}

/** Takes records of calls. It never throws and never waits: the call goes on meanwhile. */
export interface CallRecorder {
  record(call: CallRecord): void;
}
