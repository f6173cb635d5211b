import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOGS } from '../infra/launch/folders.mjs';
import type { Finding, Ledger, Requests } from './ledger.ts';
import type { Fault } from './judge.ts';
import { failedRequestsOf, faultsOf, isFlawless, isWhole, type Verdict } from './verdict.ts';
import { whereabouts } from './whereabouts.ts';

const FAULTS_SHOWN = 10;

/** Prints a line a scenario, and more where something is wrong; keeps a list of all kills. */
export class Report {
  readonly #timeline = join(LOGS, 'timeline.log');
  #passed = 0;
  #failed = 0;

  constructor() {
    mkdirSync(LOGS, { recursive: true });
    writeFileSync(this.#timeline, '');
  }

  /** Keeps what happened, with its time, beside the logs of the processes. */
  note(what: string): void {
    appendFileSync(this.#timeline, `${new Date().toISOString()} ${what}\n`);
  }

  async scenario(verdict: Verdict): Promise<void> {
    this.#line(verdict, isFlawless(verdict));
    for (const { ledger, finding } of verdict.findings) await this.#explain(ledger, finding);
  }

  /** The other way round: passes where all kinds of faults were found in the events of a consumer that is made wrong, and none in its tasks. */
  careless(verdict: Verdict): void {
    const [events, tasks] = verdict.findings.map(({ finding }) => finding);
    // Order is lost as well, but only where a repeat meets a later event of its record: that is left to chance.
    const isFound = events !== undefined && [events.lost, events.doubled].every((faults) => faults.length > 0);
    this.#line(verdict, isWhole(verdict) && isFound && tasks !== undefined && faultsOf(tasks).length === 0, ' found, as it must be:');
  }

  /** Prints how many scenarios passed. @returns whether all did. */
  end(): boolean {
    this.#print(`${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0;
  }

  #line(verdict: Verdict, hasPassed: boolean, remark = ''): void {
    const { name, tookMs, kills, findings, leftOver, smooth, spoilt } = verdict;
    if (hasPassed) this.#passed += 1;
    else this.#failed += 1;
    this.#print(`${hasPassed ? '✓' : '✗'} ${name.padEnd(24)} ${(tookMs / 1_000).toFixed(1).padStart(6)} s  ${smooth === undefined ? `${kills} kills` : summariseRolls(smooth)};${remark} ${findings.map(({ finding }) => summarise(finding)).join('; ')}`);
    for (const fault of failedRequestsOf(verdict).slice(0, FAULTS_SHOWN)) this.#print(`    failed: ${fault}`);
    if (spoilt !== undefined) this.#print(`    not played to its end: ${spoilt}`);
    if (leftOver !== undefined) this.#print(`    not at rest: ${leftOver.outbox} outbox rows, ${leftOver.tasks} tasks, ${leftOver.unread} unread messages`);
  }

  async #explain(ledger: Ledger, { what, lost, doubled, outOfOrder }: Finding): Promise<void> {
    const faults: Array<readonly [string, Fault]> = [
      ...lost.map((fault) => ['lost', fault] as const), ...doubled.map((fault) => ['doubled', fault] as const), ...outOfOrder.map((fault) => ['out of order', fault] as const),
    ];
    if (faults.length === 0) return;
    const shown = faults.slice(0, FAULTS_SHOWN);
    const places = await whereabouts(ledger.books, shown.map(([, { id }]) => id));
    for (const [kind, { id, what: detail }] of shown) this.#print(`    ${what}, ${kind}: ${id} (${detail}); seen: ${places.get(id) ?? 'nowhere'}`);
    if (faults.length > shown.length) this.#print(`    and ${faults.length - shown.length} more`);
  }

  #print(line: string): void {
    process.stdout.write(`${line}\n`);
    this.note(line);
  }
}

function summariseRolls({ rolls, requests }: NonNullable<Verdict['smooth']>): string {
  const total = (count: (each: Requests) => number): number => requests.reduce((sum, each) => sum + count(each), 0);
  return `${rolls} replicas replaced; ${total(({ sent }) => sent)} requests: ${total(({ failed }) => failed.length)} failed`;
}

function summarise({ what, accepted, lost, doubled, outOfOrder, repeats }: Finding): string {
  const again = repeats === undefined ? '' : `, ${repeats} harmless repeats`;
  return `${accepted} ${what}: ${lost.length} lost, ${doubled.length} doubled, ${outOfOrder.length} out of order${again}`;
}
