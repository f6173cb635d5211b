import type { Requests } from './ledger.ts';

/** Counts the requests of a load, and keeps those that failed. */
export class RequestCount implements Requests {
  readonly failed: string[] = [];
  #sent = 0;

  get sent(): number {
    return this.#sent;
  }

  /** @param fault what was wrong with the answer; undefined where nothing was */
  add(fault: string | undefined): void {
    this.#sent += 1;
    if (fault !== undefined) this.failed.push(fault);
  }
}
