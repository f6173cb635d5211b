import { Chaos } from './chaos.ts';
import type { Chance } from './chance.ts';
import { drain } from './drain.ts';
import type { Fleet } from './fleet.ts';
import type { Ground } from './ground.ts';
import type { Ledger } from './ledger.ts';
import type { Report } from './report.ts';
import type { Scenario } from './scenario.ts';
import type { Verdict } from './verdict.ts';

const DRAIN_DEADLINE_MS = 300_000;
const WARM_UP_MS = 500;

/** What scenarios are played on. */
export interface Stage {
  readonly ground: Ground;
  readonly fleet: Fleet;
  readonly ledgers: readonly Ledger[];
  readonly chance: Chance;
  readonly report: Report;
}

/** Plays one scenario: load, kills under it, rest, and the comparison of what was accepted with the effects. */
export async function play({ ground, fleet, ledgers, chance, report }: Stage, scenario: Scenario, label = scenario.name): Promise<Verdict> {
  const startedMs = performance.now();
  report.note(`begin ${label}: ${scenario.what}`);
  const chaos = new Chaos(ground, fleet, chance, (what) => report.note(what));
  for (const ledger of ledgers) ledger.begin(label);
  await chaos.wait(WARM_UP_MS, WARM_UP_MS);
  const spoilt = await scenario.run(chaos).then(() => undefined, messageOf);
  report.note('no more kills');
  const faults = await Promise.all([fleet.untilReady(), ...ledgers.map((ledger) => ledger.end())].map((part) => part.then(() => undefined, messageOf)));
  const leftOver = await drain(ledgers.map(({ books }) => books), DRAIN_DEADLINE_MS);
  report.note('at rest');
  return {
    name: label, kills: chaos.kills, leftOver, ...(scenario.isSmooth === true && { smooth: { rolls: chaos.rolls, requests: ledgers.map((ledger) => ledger.requests(label)) } }),
    spoilt: [spoilt, ...faults].find((fault) => fault !== undefined),
    findings: await findingsOf(ledgers, `${label}/`),
    tookMs: performance.now() - startedMs,
  };
}

/** Compares all that was ever accepted once more: what had its effect twice may have done so in a later scenario. */
export async function playBack({ ledgers }: Stage): Promise<Verdict> {
  const startedMs = performance.now();
  return { name: 'all of it once more', kills: 0, leftOver: undefined, spoilt: undefined, findings: await findingsOf(ledgers), tookMs: performance.now() - startedMs };
}

async function findingsOf(ledgers: readonly Ledger[], scenario?: string): Promise<Verdict['findings']> {
  const findings = await Promise.all(ledgers.map(async (ledger) => (await ledger.account(scenario)).map((finding) => ({ ledger, finding }))));
  return findings.flat();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
