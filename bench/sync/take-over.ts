import { randomUUID } from 'node:crypto';
import { ConnectionStore, type Connection } from '@crossdock/connections';
import { contactChanged, eventKey, type CrmVendor } from '@crossdock/contracts';
import { EventPublisher, recordPartitioner } from '@crossdock/event-bus';
import { TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, createTestTopics, eventually } from '@crossdock/test-stack';
import type { Producer } from 'kafkajs';
import type { DataSource } from 'typeorm';
import type { BenchContext, Figure, Measurement } from '../bench.ts';
import { valueFigure } from '../figures.ts';
import { measureUsageOf } from '../process-usage.ts';
import { BenchProcesses } from '../servers/bench-process.ts';
import { type BenchTenantService, migrateTenantService, startTenantService } from '../servers/tenant-service.ts';

const contactsPerSecond = 1_500;
const sendRows = 1_000;
const deadlineMs = 120_000;
const goal = 1_000;
const vendors = ['hubspot', 'salesforce'] as const satisfies readonly CrmVendor[];
const [first, other] = vendors;

interface Bench {
  readonly contacts: number;
  readonly service: BenchTenantService;
  readonly connections: ConnectionStore;
  readonly tenants: TenantDatabase;
  readonly producer: Producer;
  readonly topicPrefix: string;
  readonly admin: DataSource;
}

/**
 * Contacts that accounts tell in the course of their first complete reading, from Kafka to the golden records, by one process of sync: those that nobody
 * has told before, the same told again with a later time, and the same people told by the other account. Each repetition has a tenant of its own.
 */
export async function measureTakeOver(context: BenchContext): Promise<Figure[]> {
  const [database, topics, processes] = [await createTestDatabase(), await createTestTopics(), new BenchProcesses()];
  const producer = topics.kafka.producer({ createPartitioner: recordPartitioner });
  await producer.connect();
  try {
    await migrateTenantService('sync', processes, database);
    const service = await startTenantService('sync', { processes, database, topics, redisUrl: context.servers.redisUrl, scopes: 'syncs:read syncs:write' });
    try {
      const tenants = new TenantDatabase(await database.connect(database.addressFor('sync'), 'sync'));
      const bench = {
        contacts: context.seconds * contactsPerSecond, service, tenants, connections: new ConnectionStore(tenants), producer, topicPrefix: topics.prefix,
        admin: await database.connectAsAdmin('sync'),
      };
      context.say(`${bench.contacts} contacts a repetition, told by accounts of a sync that is loading`);
      const { fresh, again, shared } = await context.measure({
        fresh: async () => (await LoadingSync.start(bench)).take({ vendor: first, minute: 1 }),
        again: () => takeAfter(bench, { vendor: first, minute: 2 }),
        shared: () => takeAfter(bench, { vendor: other, minute: 1 }),
      });
      context.say('"fresh" are contacts that nobody has told before, "again" the same of the same account with a later time, "shared" the same people of the other account');
      return [
        valueFigure({ name: 'taken-over-new-per-second', unit: 'records/s', value: fresh.perSecond, goal }),
        valueFigure({ name: 'taken-over-again-per-second', unit: 'records/s', value: again.perSecond, goal }),
        valueFigure({ name: 'taken-over-shared-per-second', unit: 'records/s', value: shared.perSecond, goal }),
      ];
    } finally {
      await service.stop();
    }
  } finally {
    await producer.disconnect();
    await processes.stopAll();
    await topics.drop();
    await database.drop();
  }
}

async function takeAfter(bench: Bench, telling: Telling): Promise<Measurement> {
  const sync = await LoadingSync.start(bench);
  await sync.take({ vendor: first, minute: 1 });
  return await sync.take(telling);
}

/** What is told: all contacts, as they are in an account at a minute. */
interface Telling {
  readonly vendor: typeof vendors[number];
  readonly minute: number;
}

interface AccountBeingRead {
  readonly connectionId: string;
  readonly scanId: string;
}

/** A new tenant's sync of contacts between two accounts, which are being read for the first time. */
class LoadingSync {
  readonly #bench: Bench;
  readonly #tenantId: string;
  readonly #accounts: ReadonlyMap<string, AccountBeingRead>;

  private constructor(bench: Bench, tenantId: string, accounts: ReadonlyMap<string, AccountBeingRead>) {
    this.#bench = bench;
    this.#tenantId = tenantId;
    this.#accounts = accounts;
  }

  static async start(bench: Bench): Promise<LoadingSync> {
    const { connections, tenants, service, admin } = bench;
    const tenantId = randomUUID();
    const made = await tenants.transaction(tenantId, async (manager) => {
      const all: Connection[] = [];
      for (const vendor of vendors) all.push(await connections.create(manager, { tenantId, vendor, accountId: randomUUID(), settings: {}, state: 'healthy' }));
      return all;
    });
    await service.forTenant(tenantId).call('POST', '/v1/syncs', {
      name: 'contacts', object: 'contact', sides: made.map(({ id }) => ({ connectionId: id, reads: true, writes: true })),
    });
    const scans = await admin.query<Array<{ connection_id: string; scan_id: string }>>('SELECT connection_id, scan_id FROM sync_scan WHERE tenant_id = $1', [tenantId]);
    const scanOf = new Map(scans.map(({ connection_id: id, scan_id: scanId }) => [id, scanId]));
    return new LoadingSync(bench, tenantId, new Map(made.map(({ id, vendor }) => [vendor, { connectionId: id, scanId: scanOf.get(id) ?? '' }])));
  }

  /** From the first event that is sent until all contacts are known as the account tells them. */
  async take({ vendor, minute }: Telling): Promise<Measurement> {
    const { contacts, service, producer, topicPrefix, admin } = this.#bench;
    const { connectionId, scanId } = this.#accounts.get(vendor) ?? { connectionId: '', scanId: '' };
    const modifiedAt = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
    const publisher = new EventPublisher(`crm-${vendor}`, () => undefined);
    const messages = Array.from({ length: contacts }, (_, index) => {
      const externalId = `${vendor}-${index}`;
      const envelope = publisher.envelope({ tenantId: this.#tenantId, correlationId: scanId }, contactChanged, {
        subject: `${vendor}/contact/${externalId}`,
        data: {
          source: { vendor, connectionId, externalId }, modifiedAt, associations: [], scanId, known: ['email', 'firstName', 'lastName', 'phone'],
          email: `person${index}@example.com`, firstName: 'Anna', lastName: `Muster ${minute}`, phone: `+49151${String(index).padStart(8, '0')}`,
        },
      });
      return { key: eventKey(envelope), value: JSON.stringify(envelope) };
    });
    const usage = measureUsageOf(service.pid);
    const startedMs = performance.now();
    for (let sent = 0; sent < contacts; sent += sendRows) await producer.send({ topic: topicPrefix + contactChanged.type, messages: messages.slice(sent, sent + sendRows) });
    await eventually('all contacts to be taken over', async () => {
      const [taken] = await admin.query<Array<{ rows: number }>>(
        'SELECT count(*)::int AS rows FROM record_link WHERE tenant_id = $1 AND connection_id = $2 AND modified_at = $3', [this.#tenantId, connectionId, modifiedAt]);
      return taken?.rows === contacts;
    }, deadlineMs);
    const seconds = (performance.now() - startedMs) / 1_000;
    const used = usage();
    return { count: contacts, seconds, ...(used && { usage: used }) };
  }
}
