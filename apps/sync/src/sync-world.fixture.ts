import { randomUUID } from 'node:crypto';
import { connectionsSchema, ConnectionStore } from '@crossdock/connections';
import {
  envelopeSchema, recordsWanted, scanRequested, writeRequested, type CrmObject, type CrmRef, type CrmVendor, type Envelope,
} from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { Jobs, TaskMetrics, TaskQueue, TaskRegistry, TaskWorker } from '@crossdock/task-queue';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, eventually, type TestDatabase } from '@crossdock/test-stack';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { DataSource, EntityManager } from 'typeorm';
import { CrmAccount } from './crm-account.fixture.ts';
import { Leads } from './leads/leads.ts';
import { DueRequests } from './records/due-requests.ts';
import { RecordMerges } from './records/record-merges.ts';
import { RecordSync } from './records/record-sync.ts';
import { SyncMetrics } from './records/sync-metrics.ts';
import { SettleTasks } from './records/settle.tasks.ts';
import { ToldBatches } from './records/told-batches.ts';
import { ScanComparison } from './runs/scan-comparison.ts';
import { WaitingRecords } from './records/waiting-records.ts';
import { SettleAll } from './runs/settle-all.job.ts';
import { SyncRuns } from './runs/sync-runs.ts';
import { syncSchema } from './sync.schema.ts';
import type { Sync } from './syncs/sync.repository.ts';
import { newSyncSchema, Syncs, type NewSync } from './syncs/syncs.ts';

/** Sync on a database of its own, with its workers; what would go through Kafka, tests carry by hand. */
export class SyncWorld {
  readonly database: TenantDatabase;
  readonly admin: DataSource;
  readonly records: RecordSync;
  readonly batches: ToldBatches;
  readonly syncs: Syncs;
  readonly leads: Leads;
  readonly runs: SyncRuns;
  readonly settleAll: SettleAll;
  readonly connections: ConnectionStore;
  readonly #test: TestDatabase;
  readonly #worker: TaskWorker;

  private constructor(test: TestDatabase, admin: DataSource, database: TenantDatabase) {
    this.#test = test;
    this.admin = admin;
    this.database = database;
    const [publisher, registry] = [new EventPublisher('sync', () => undefined), new TaskRegistry()];
    const queue = new TaskQueue((kinds) => this.#worker.wake(kinds));
    const jobs = new Jobs({ database, queue, registry });
    const requests = new DueRequests(publisher);
    this.connections = new ConnectionStore(database);
    const waiting = new WaitingRecords(queue);
    const metrics = new SyncMetrics(new Registry());
    this.records = new RecordSync(requests, new RecordMerges(requests, waiting), waiting, metrics);
    this.batches = new ToldBatches(this.records, requests, waiting, metrics);
    this.leads = new Leads(requests, publisher);
    this.runs = new SyncRuns(publisher, queue);
    this.settleAll = new SettleAll(jobs, database, this.records, waiting);
    this.syncs = new Syncs(this.connections, publisher, this.runs);
    for (const part of [this.settleAll, new SettleTasks(registry, this.records), new ScanComparison(registry, this.runs, requests, this.settleAll)]) part.onModuleInit();
    this.#worker = new TaskWorker({
      database, registry, logger: pino({ level: 'silent' }), metrics: new TaskMetrics(new Registry(), database), random: () => 0.5,
    });
    this.#worker.start();
  }

  static async start(): Promise<SyncWorld> {
    const test = await createTestDatabase();
    const url = await test.migrateService('sync', [syncSchema, connectionsSchema]);
    return new SyncWorld(test, await test.connectAsAdmin('sync'), new TenantDatabase(await test.connect(url, 'sync')));
  }

  tenant(): SyncTenant {
    return new SyncTenant(this);
  }

  async stop(): Promise<void> {
    await this.#worker.stop();
    await this.#test.drop();
  }
}

/** Something under way between sync and an account. */
interface Message {
  readonly arrive: () => Promise<void>;
  /** What follows where it gets lost, if it can. */
  readonly whenLost?: (() => void) | undefined;
}

/** A tenant with accounts, and all that is under way between them and sync, in whatever order a test lets it arrive. */
export class SyncTenant {
  readonly id = randomUUID();
  readonly accounts = new Map<string, CrmAccount>();
  readonly #world: SyncWorld;
  #underWay: Message[] = [];

  constructor(world: SyncWorld) {
    this.#world = world;
  }

  async account(vendor?: CrmVendor): Promise<CrmAccount> {
    const account = new CrmAccount(vendor);
    await this.within((manager) => this.#world.connections.create(manager, {
      id: account.connectionId, tenantId: this.id, vendor: account.vendor, accountId: randomUUID(), state: 'healthy',
    }));
    this.accounts.set(account.connectionId, account);
    return account;
  }

  within<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return tenantContext.run({ tenantId: this.id, correlationId: randomUUID() }, () => this.#world.database.transaction(this.id, work));
  }

  /** Keeps the tenant's accounts in step in both directions, unless said otherwise. */
  sync(object: CrmObject, changes: Partial<NewSync> = {}): Promise<Sync> {
    const sides = [...this.accounts.keys()].map((connectionId) => ({ connectionId, reads: true, writes: true }));
    const wanted = newSyncSchema.parse({ name: `${object}s`, object, sides, ...changes });
    return this.within((manager) => this.#world.syncs.create(manager, wanted));
  }

  async state(sync: Sync): Promise<Sync['state']> {
    return (await this.within((manager) => this.#world.syncs.find(manager, sync.id))).state;
  }

  /** Lets one message arrive, the one that `pick` says, or get lost if it can: a webhook, or an answer whose service is killed. @returns false where none is under way. */
  async step({ pick = 0, isRepeated = false, isLost = false }: { pick?: number; isRepeated?: boolean; isLost?: boolean } = {}): Promise<boolean> {
    await this.#collect();
    const [message] = this.#underWay.splice(pick % Math.max(1, this.#underWay.length), 1);
    if (!message) return false;
    if (isLost && message.whenLost) {
      message.whenLost();
      return true;
    }
    await message.arrive();
    if (isRepeated) await message.arrive();
    return true;
  }

  /** Lets everything arrive until nothing is under way and no task waits. */
  async atRest(): Promise<void> {
    for (let steps = 0; ; steps += 1) {
      if (steps > 20_000) throw new Error('The accounts never come to rest.');
      if (await this.step()) continue;
      await eventually('the tasks to be done', () => this.#areTasksDone(), 60_000);
      await this.#collect();
      if (this.#underWay.length === 0) return;
    }
  }

  /** An account tells these records without having been asked, as after a webhook. */
  tell(account: CrmAccount, refs: readonly CrmRef[], { scanId, isWebhook = false }: { scanId?: string; isWebhook?: boolean } = {}): void {
    for (const ref of refs) {
      const told = account.tell(ref, scanId);
      if (!told) continue;
      this.#send(async () => {
        await this.within(async (manager) => {
          if ('gone' in told) await this.#world.records.takeGone(manager, told);
          else await this.#world.batches.takeAll(manager, [{ record: told, scope: tenantContext.require() }]);
        });
      }, isWebhook ? () => undefined : undefined);
    }
  }

  async #collect(): Promise<void> {
    for (const account of this.accounts.values()) this.tell(account, account.takeNews(), { isWebhook: true });
    const [rows] = await this.#world.admin.query<[Array<{ id: string; payload: string }>, number]>('DELETE FROM outbox WHERE tenant_id = $1 RETURNING id, payload', [this.id]);
    rows.sort((a, b) => Number(a.id) - Number(b.id));
    for (const { payload } of rows) this.#carry(envelopeSchema.parse(JSON.parse(payload)));
  }

  /** What the account's service does of it. */
  #carry({ type, data }: Envelope): void {
    if (type === writeRequested.type) {
      const { connectionId, vendor, object, requestId, recordKey, action } = writeRequested.schema.parse(data);
      const carryOut = async (): Promise<void> => {
        const [result, answeredAt] = [this.#account(connectionId).carryOut(object, action), this.#account(connectionId).now()];
        // A service that is killed before it has said what came of a write makes it once more.
        this.#send(async () => {
          await this.within((manager) => this.#world.records.takeAnswer(manager, { connectionId, vendor, object, requestId, recordKey, result }, answeredAt));
        }, () => this.#send(carryOut));
      };
      this.#send(carryOut);
    } else if (type === recordsWanted.type) {
      const { connectionId, object, externalIds } = recordsWanted.schema.parse(data);
      this.#send(async () => this.tell(this.#account(connectionId), externalIds.map((externalId) => ({ object, externalId }))));
    } else if (type === scanRequested.type) {
      const { connectionId, vendor, object, scanId } = scanRequested.schema.parse(data);
      this.#send(async () => {
        const present = this.#account(connectionId).present(object);
        this.tell(this.#account(connectionId), present.map(({ id }) => ({ object, externalId: id })), { scanId });
        this.#send(async () => {
          await this.within((manager) => this.#world.runs.takeEnd(manager, { connectionId, vendor, object, scanId, outcome: 'complete', told: present.length }));
        });
      });
    }
  }

  #send(arrive: () => Promise<void>, whenLost?: () => void): void {
    this.#underWay.push({ arrive, whenLost });
  }

  #account(connectionId: string): CrmAccount {
    const account = this.accounts.get(connectionId);
    if (!account) throw new Error(`The tenant has no account ${connectionId}.`);
    return account;
  }

  /** A comparison that waits for what is under way goes on when that has arrived. */
  async #areTasksDone(): Promise<boolean> {
    const [{ waiting } = { waiting: '0' }] = await this.#world.admin.query<Array<{ waiting: string }>>('SELECT count(*) AS waiting FROM task WHERE tenant_id = $1', [this.id]);
    return waiting === '0';
  }
}

/** What an account holds of one kind, without ids: a record that others name stands there by what it is. */
export function contentOf(account: CrmAccount, object: CrmObject): string[] {
  return recordsOf(account, object).map(({ text, companies }) => JSON.stringify([text, companies]));
}

/** The same for two accounts. Where the second one takes one company of a record, it is to be one of those at the first one. */
export function contentOfBoth(several: CrmAccount, one: CrmAccount, object: CrmObject): [string[], string[]] {
  const [left, right] = [recordsOf(several, object), recordsOf(one, object)];
  const reduced = left.map(({ text, companies }, index) => {
    const [company, ...others] = right[index]?.companies ?? [];
    return { text, companies: company !== undefined && others.length === 0 && companies.includes(company) ? [company] : companies };
  });
  const textOf = (records: typeof left) => records.map(({ text, companies }) => JSON.stringify([text, companies]));
  return [textOf(reduced), textOf(right)];
}

function recordsOf(account: CrmAccount, object: CrmObject): Array<{ readonly text: string; readonly companies: string[] }> {
  const nameOf = ({ object: what, externalId }: CrmRef): string => {
    const { email, domain, name } = account.fieldsOf(what, externalId);
    return `${what} ${JSON.stringify(email ?? domain ?? name)}`;
  };
  return account.present(object).map(({ fields, associations }) => ({
    text: JSON.stringify([
      Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null).sort(([a], [b]) => a.localeCompare(b))),
      associations.filter((ref) => ref.object !== 'company').map(nameOf).sort(),
    ]),
    companies: associations.filter((ref) => ref.object === 'company').map(nameOf).sort(),
  })).sort((a, b) => `${a.text}${a.companies.join()}`.localeCompare(`${b.text}${b.companies.join()}`));
}
