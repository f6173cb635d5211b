import type { Backlog } from './books.ts';
import type { Fault } from './judge.ts';
import type { Finding, Ledger, Requests } from './ledger.ts';

/** What a scenario came to. */
export interface Verdict {
  readonly name: string;
  readonly tookMs: number;
  readonly kills: number;
  readonly findings: ReadonlyArray<{ readonly ledger: Ledger; readonly finding: Finding }>;
  /** What still waited when the time for it was over. */
  readonly leftOver: Backlog | undefined;
  /** Of a scenario under which no request may fail: what was replaced, and the requests of each load. */
  readonly smooth?: { readonly rolls: number; readonly requests: readonly Requests[] };
  /** What kept the scenario from being played, such as a step that nobody reached. */
  readonly spoilt: string | undefined;
}

/** What is wrong with effects: lost, doubled or out of order. */
export function faultsOf({ lost, doubled, outOfOrder }: Finding): readonly Fault[] {
  return [...lost, ...doubled, ...outOfOrder];
}

/** The requests that were not answered as they should be, where none may fail. */
export function failedRequestsOf({ smooth }: Pick<Verdict, 'smooth'>): readonly string[] {
  return smooth?.requests.flatMap(({ failed }) => failed) ?? [];
}

/** Whether a scenario was played to its end, came to rest, and no request failed that may not; of its effects this says nothing. */
export function isWhole(verdict: Pick<Verdict, 'leftOver' | 'smooth' | 'spoilt'>): boolean {
  return verdict.leftOver === undefined && verdict.spoilt === undefined && failedRequestsOf(verdict).length === 0;
}

/** Whether nothing at all is wrong. */
export function isFlawless(verdict: Parameters<typeof isWhole>[0] & { readonly findings: ReadonlyArray<{ readonly finding: Finding }> }): boolean {
  return isWhole(verdict) && verdict.findings.every(({ finding }) => faultsOf(finding).length === 0);
}
