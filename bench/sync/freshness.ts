import { setTimeout as wait } from 'node:timers/promises';
import { SandboxControl } from '@crossdock/sandbox';
import { GatewayApi } from '../../infra/journey/gateway-api.ts';
import type { RunningSystem } from '../../infra/running-system.ts';
import type { BenchContext, Figure, Measurement } from '../bench.ts';
import { valueFigure } from '../figures.ts';
import { runPaced } from '../load/paced.ts';
import { latencyOf } from '../series.ts';
import { withWholeSystem } from '../servers/whole-system.ts';
import { StepClock } from './step-clock.ts';
import { twoAccountsInStep, type Person, type TwoAccounts } from './two-accounts.ts';

const changesPerSecond = 50;
/** Each way has people of its own: two who change one field at the same time overwrite each other at every CRM, which is not measured here. */
const peopleOfWay = 250;
const lookEveryMs = 100;
/** A machine that is too slow makes changes late; one that is lost never comes, so that at some time nothing comes any more. */
const nothingComesMs = 60_000;

/** One way from an account to the other. A change is a phone number that ends with the change's own number. */
interface Way {
  /** What its steps are listed under. */
  readonly name?: string;
  readonly people: readonly Person[];
  /** Changes a phone number as a person does in the CRM's own pages. */
  readonly change: (person: Person, phone: string) => Promise<void>;
  /** All phone numbers at the other account. */
  readonly look: () => Promise<readonly unknown[]>;
}

/**
 * A change in one CRM until it is seen in the other, with all services on this machine. From HubSpot changes come by webhook; from
 * Salesforce, which has none here, by asking every ten seconds. Beside it Salesforce's own answer to the same change, written at once.
 */
export async function measureFreshness(context: BenchContext): Promise<Figure[]> {
  return await withWholeSystem(context, async (system, topicPrefix) => await measure(context, system, new StepClock(context.servers.kafkaBrokers, topicPrefix)));
}

async function measure(context: BenchContext, system: RunningSystem, clock: StepClock): Promise<Figure[]> {
  const [gateway, control] = [await GatewayApi.forDemo(system), new SandboxControl(system.sandboxUrl)];
  const accounts = await twoAccountsInStep(system, { gateway, control, contacts: 3 * peopleOfWay });
  const ways = waysBetween(accounts, control);
  const changes = new Changes(changesPerSecond * context.seconds, clock);
  const results = await context.measure({
    'called directly': () => changes.run(ways.directly),
    'HubSpot to Salesforce, by webhook': () => changes.run(ways.fromHubSpot),
    'Salesforce to HubSpot, asked every 10 s': () => changes.run(ways.fromSalesforce),
  });
  const { 'HubSpot to Salesforce, by webhook': byWebhook, 'called directly': directly } = results;
  context.say(`${changesPerSecond} changes a second of one tenant’s contacts; each was followed until the other account had it or a later one, by a look every ${lookEveryMs} ms, and none was lost.`);
  for (const line of await clock.describe()) context.say(line);
  return ([['p50', 'p50Ms', 2_000], ['p99', 'p99Ms', 10_000]] as const).map(([name, percentile, goal]) => valueFigure({
    name: `change-visible-${name}-ms`, unit: 'ms', value: byWebhook[percentile] ?? Number.NaN, baseline: directly[percentile] ?? Number.NaN, goal, lowerIsBetter: true,
  }));
}

function waysBetween({ portalId, orgId, instanceUrl, accessToken, people }: TwoAccounts, control: SandboxControl): Record<'directly' | 'fromHubSpot' | 'fromSalesforce', Way> {
  const part = (index: number): readonly Person[] => people.slice(index * peopleOfWay, (index + 1) * peopleOfWay);
  const lookAtSalesforce = async (): Promise<unknown[]> => (await control.salesforceRecords(orgId, 'Contact')).map((record) => record['Phone']);
  const lookAtHubSpot = async (): Promise<unknown[]> => (await control.hubSpotRecords(portalId, 'contacts')).map(({ properties }) => properties['phone']);
  return {
    directly: {
      people: part(0), look: lookAtSalesforce,
      change: async ({ salesforceId }, phone) => {
        const answer = await fetch(`${instanceUrl}/services/data/v67.0/sobjects/Contact/${salesforceId}`, {
          method: 'PATCH', headers: { 'authorization': `Bearer ${accessToken}`, 'content-type': 'application/json' }, body: JSON.stringify({ Phone: phone }),
        });
        if (!answer.ok) throw new Error(`Salesforce's stand-in answered ${answer.status}: ${await answer.text()}`);
      },
    },
    fromHubSpot: {
      name: 'HubSpot to Salesforce',
      people: part(1), look: lookAtSalesforce,
      change: async ({ hubSpotId }, phone) => {
        await control.editHubSpotRecord(portalId, 'contacts', hubSpotId, { properties: { phone } });
      },
    },
    fromSalesforce: {
      name: 'Salesforce to HubSpot',
      people: part(2), look: lookAtHubSpot,
      change: async ({ salesforceId }, phone) => {
        await control.editSalesforceRecord(orgId, 'Contact', salesforceId, { Phone: phone });
      },
    },
  };
}

/** Numbers that rise over all repetitions, so that a later change of a person is known from an earlier one. */
class Changes {
  readonly #count: number;
  readonly #clock: StepClock;
  #next = 1_000_000;

  constructor(count: number, clock: StepClock) {
    this.#count = count;
    this.#clock = clock;
  }

  /** Latencies are from before the change was sent to when a look found it. @throws Error where one is never found. */
  async run({ name, people, change, look }: Way): Promise<Measurement> {
    const first = this.#next;
    this.#next += this.#count;
    const sentAtMs = new Map<number, number>();
    const seen = this.#watch(look, first, sentAtMs, name);
    const startedMs = performance.now();
    await Promise.all([
      seen,
      runPaced({
        count: this.#count, perSecond: changesPerSecond,
        work: async (index) => {
          sentAtMs.set(first + index, performance.now());
          const person = people[index % people.length];
          if (person) await change(person, phoneOf(first + index));
        },
      }),
    ]);
    return { count: this.#count, seconds: (performance.now() - startedMs) / 1_000, latency: latencyOf(await seen) };
  }

  async #watch(look: Way['look'], first: number, sentAtMs: ReadonlyMap<number, number>, name: string | undefined): Promise<number[]> {
    const latencies = new Map<number, number>();
    for (let movedMs = performance.now(); latencies.size < this.#count;) {
      const before = latencies.size;
      const phones = await look();
      const nowMs = performance.now();
      for (const phone of phones) {
        const newest = Number(/^\+4930(\d{7,})$/.exec(String(phone))?.[1]);
        for (let number = newest; number >= first; number -= peopleOfWay) {
          const sentMs = sentAtMs.get(number);
          if (sentMs === undefined || latencies.has(number)) continue;
          latencies.set(number, nowMs - sentMs);
          if (name !== undefined) this.#clock.take(name, phoneOf(number), performance.timeOrigin + sentMs, performance.timeOrigin + nowMs);
        }
      }
      if (latencies.size > before) movedMs = nowMs;
      if (nowMs - movedMs > nothingComesMs) throw new Error(`${this.#count - latencies.size} of ${this.#count} changes are not in the other CRM, and for ${nothingComesMs / 1_000} s no more came.`);
      await wait(lookEveryMs);
    }
    return [...latencies.values()];
  }
}

function phoneOf(number: number): string {
  return `+4930${number}`;
}
