import type { CalledParty } from '@crossdock/contracts';
import type { CallRecord } from '@crossdock/outbound-http';

/** How many calls a connection made on a day (UTC), and how many of them failed. To ask for something that is not there is no failure: look-ups do. */
export interface CallCount {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly vendor: CalledParty;
  readonly day: string;
  readonly calls: number;
  readonly failedCalls: number;
}

/** Counts calls until they are written. */
export class CallCounts {
  readonly #counts = new Map<string, CallCount>();

  add({ tenantId, connectionId, vendor, startedAt, ...call }: CallRecord): void {
    const day = startedAt.toISOString().slice(0, 10);
    this.merge({ tenantId, connectionId, vendor, day, calls: 1, failedCalls: isFailure(call) ? 1 : 0 });
  }

  merge(count: CallCount): void {
    const key = `${count.tenantId} ${count.connectionId} ${count.day}`;
    const before = this.#counts.get(key);
    this.#counts.set(key, before
      ? { ...count, calls: before.calls + count.calls, failedCalls: before.failedCalls + count.failedCalls } : count);
  }

  isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  /** In the order of their keys, so that two writers never wait for each other in a circle. */
  entries(): CallCount[] {
    return [...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
  }
}

function isFailure({ outcome, method, status }: Pick<CallRecord, 'outcome' | 'method' | 'status'>): boolean {
  const isNotThere = method === 'GET' && status === 404;
  return outcome !== 'success' && !isNotThere;
}
