import { randomUUID } from 'node:crypto';
import { type Deal, type DealState, deterministicId, type EventData, type shipmentDelivered } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { Jobs, TaskMetrics, TaskQueue, TaskRegistry, TaskWorker } from '@crossdock/task-queue';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, eventually, type TestDatabase } from '@crossdock/test-stack';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { DataSource, EntityManager } from 'typeorm';
import { attributionSchema } from './attribution.schema.ts';
import { ResultTime } from './credit/result-time.ts';
import { type Change, ResultUpkeep } from './credit/result-upkeep.ts';
import { type Fact, factOfDeal } from './fact.ts';
import { type DealReport, reportDeal, reportSample, type SampleReport } from './reports/credit-report.ts';
import { reportQuerySchema, type Workspaces } from './reports/report-query.ts';
import { reportRevenue, type RevenueReport } from './reports/revenue-report.ts';
import { Backfill } from './settings/backfill.job.ts';
import { readSettings, SettingsChanges, type SettingsChange } from './settings/settings-changes.ts';
import { settingsSchema } from './settings/settings.ts';
import { type Outcome, ToldFacts } from './told-facts.ts';
import { type ToldTouch, toldTouchSchema } from './touches/touch.ts';
import { WriteBack } from './write-back/write-back.ts';

/** Tests tell one thing after the other and wait for each. */
const gatherMs = 100;

/** Attribution on a database of its own, with its worker; what would come through Kafka, tests tell by hand. */
export class AttributionWorld {
  readonly database: TenantDatabase;
  readonly admin: DataSource;
  readonly results: ResultUpkeep;
  readonly facts: ToldFacts;
  readonly jobs: Jobs;
  readonly settings: SettingsChanges;
  readonly metrics = new Registry();
  readonly time = new ResultTime(this.metrics);
  readonly #test: TestDatabase;
  readonly #worker: TaskWorker;

  private constructor(test: TestDatabase, admin: DataSource, database: TenantDatabase) {
    this.#test = test;
    this.admin = admin;
    this.database = database;
    const registry = new TaskRegistry();
    const queue = new TaskQueue((kinds) => this.#worker.wake(kinds));
    this.jobs = new Jobs({ database, queue, registry });
    const writeBack = new WriteBack(new EventPublisher('attribution', () => undefined));
    this.results = new ResultUpkeep(queue, registry, writeBack, this.time, gatherMs);
    this.facts = new ToldFacts(this.results);
    const backfill = new Backfill(this.jobs, database, writeBack);
    this.settings = new SettingsChanges(backfill);
    for (const part of [this.results, backfill]) part.onModuleInit();
    this.#worker = new TaskWorker({ database, registry, logger: pino({ level: 'silent' }), metrics: new TaskMetrics(this.metrics, database), random: () => 0.5 });
    this.#worker.start();
  }

  static async start(): Promise<AttributionWorld> {
    const test = await createTestDatabase();
    const url = await test.migrateService('attribution', [attributionSchema]);
    return new AttributionWorld(test, await test.connectAsAdmin('attribution'), new TenantDatabase(await test.connect(url, 'attribution')));
  }

  tenant(): AttributionTenant {
    return new AttributionTenant(this);
  }

  async stop(): Promise<void> {
    await this.#worker.stop();
    await this.#test.drop();
  }
}

/** A day of March 2026. */
export function dayOf(day: number): string {
  return `2026-03-${String(day).padStart(2, '0')}T00:00:00.000Z`;
}

/** A tenant that tells attribution what happened; what is read waits until results have followed. */
export class AttributionTenant {
  readonly id = randomUUID();
  readonly connectionId = randomUUID();
  readonly #world: AttributionWorld;

  constructor(world: AttributionWorld) {
    this.#world = world;
  }

  within<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return tenantContext.run({ tenantId: this.id, correlationId: randomUUID() }, () => this.#world.database.transaction(this.id, work));
  }

  tell<Result>(take: (facts: ToldFacts, manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.within((manager) => take(this.#world.facts, manager));
  }

  /** Until every change has been followed; a task that failed for good ends it. */
  async settled(): Promise<void> {
    await eventually('results have followed', async () => {
      const [row] = await this.#world.admin.query<Array<{ open: string; dead: string | null }>>(
        `SELECT count(*) FILTER (WHERE state <> 'dead') AS open, min(last_error) FILTER (WHERE state = 'dead') AS dead FROM task WHERE tenant_id = $1`, [this.id]);
      if (row?.dead) throw new Error(row.dead);
      return row?.open === '0';
    }, 60_000);
  }

  async read<Result>(read: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    await this.settled();
    return this.within(read);
  }

  dealId(externalId: string): string {
    return deterministicId('deal', this.id, this.connectionId, externalId);
  }

  deal(externalId: string, fields: Partial<DealState> = {}): DealState {
    return {
      source: { vendor: 'hubspot', connectionId: this.connectionId, externalId }, modifiedAt: dayOf(20), name: `Deal ${externalId}`, status: 'won',
      amount: { amountMinor: 10_000, currency: 'EUR' }, closedAt: dayOf(20), contacts: [{ externalId: '1', email: 'ada@example.com' }], ...fields,
    };
  }

  /** Tells facts that came together. @param factsOf called in the tenant's scope @returns what became of each */
  tellFacts(factsOf: () => readonly Fact[]): Promise<Outcome[]> {
    return this.tell((facts, manager) => facts.take(manager, factsOf()));
  }

  async takeDeal(externalId: string, fields: Partial<DealState> = {}): Promise<Outcome | undefined> {
    const [outcome] = await this.tellFacts(() => [factOfDeal(this.deal(externalId, fields))]);
    return outcome;
  }

  /** A won deal with these people. */
  win(externalId: string, persons: readonly string[], fields: Partial<Deal> = {}): Promise<Outcome | undefined> {
    return this.takeDeal(externalId, { contacts: persons.map((person) => ({ externalId: person, email: `${person}@example.com` })), ...fields });
  }

  deliver(shipmentId: string, day: number, sample: Partial<NonNullable<EventData<typeof shipmentDelivered>['sample']>> = {}): ReturnType<ToldFacts['takeDelivery']> {
    return this.tell((facts, manager) =>
      facts.takeDelivery(manager, { shipmentId, status: 'delivered', sample: { contactEmail: 'ada@example.com', ...sample }, deliveredAt: dayOf(day) }));
  }

  touch(day: number, fields: Partial<ToldTouch> & { readonly person?: string } = {}): Promise<void> {
    const { person = 'ada', ...rest } = fields;
    return this.tell((facts, manager) => facts.takeTouches(manager, [toldTouchSchema.parse({
      id: randomUUID(), kind: 'web', ...(person !== '' && { contactEmail: `${person}@example.com` }), occurredAt: dayOf(day), channel: 'mail', ...rest,
    })]));
  }

  /** Saves settings over those that were seen, and waits until they hold. */
  async configure(settings: Readonly<Record<string, unknown>>): Promise<SettingsChange> {
    const change = await this.within(async (manager) => {
      const { version, building } = await readSettings(manager);
      return this.#world.settings.save(manager, { settings: settingsSchema.parse(settings), seen: building?.version ?? version, savedBy: 'ada' });
    });
    await this.settled();
    return change;
  }

  follow(change: Partial<Change>): Promise<void> {
    return this.within((manager) => this.#world.results.follow(manager, change));
  }

  report(query: Readonly<Record<string, string>> = {}, workspaces: Workspaces = {}): Promise<RevenueReport> {
    return this.read((manager) => reportRevenue(manager, reportQuerySchema.parse(query), { workspaces, time: this.#world.time }));
  }

  dealReport(externalId: string): Promise<DealReport | undefined> {
    return this.read((manager) => reportDeal(manager, this.dealId(externalId)));
  }

  sampleReport(shipmentId: string): Promise<SampleReport | undefined> {
    return this.read((manager) => reportSample(manager, shipmentId));
  }
}

/** Amounts in euros' cents by channel and model. */
export function amountsOf({ rows }: Pick<RevenueReport, 'rows'>): Record<string, Record<string, number>> {
  return Object.fromEntries(rows.map(({ key, credits }) => [
    String(key), Object.fromEntries(credits.map(({ model, revenue }) => [model, revenue.find(({ currency }) => currency === 'EUR')?.amountMinor ?? 0])),
  ]));
}
