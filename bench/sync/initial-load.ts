import { randomUUID } from 'node:crypto';
import { eventKey, scanRequested } from '@crossdock/contracts';
import { EventPublisher, recordPartitioner } from '@crossdock/event-bus';
import { SandboxControl } from '@crossdock/sandbox';
import { createTestDatabase, createTestTopics, eventually } from '@crossdock/test-stack';
import type { Producer } from 'kafkajs';
import type { DataSource } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import type { BenchContext, Figure, Measurement } from '../bench.ts';
import { valueFigure } from '../figures.ts';
import { measureUsageOf, readPeakBytes } from '../process-usage.ts';
import { BenchProcesses } from '../servers/bench-process.ts';
import { startCrmSalesforce, startSandboxProcess, type BenchCrmService } from '../servers/crm-salesforce.ts';

const mostContacts = 100_000;
const contactsPerSecond = 25_000;
/** The stand-in takes so many in one go. */
const importBatch = 20_000;
const deadlineMs = 300_000;
const mebibyte = 1_024 * 1_024;

type Org = Awaited<ReturnType<SandboxControl['createSalesforceOrg']>>;

interface Bench {
  readonly contacts: number;
  readonly org: Org;
  readonly service: BenchCrmService;
  readonly producer: Producer;
  readonly topicPrefix: string;
  readonly admin: DataSource;
}

/**
 * Every contact of a Salesforce organisation, told in canonical form to an empty tenant: from the request to the last event
 * that Kafka has acknowledged, by one process of the service. Beside it the organisation's pages, read and thrown away.
 */
export async function measureInitialLoad(context: BenchContext): Promise<Figure[]> {
  const [database, topics] = [await createTestDatabase(), await createTestTopics()];
  const processes = new BenchProcesses();
  const producer = topics.kafka.producer({ createPartitioner: recordPartitioner });
  try {
    await producer.connect();
    const sandboxUrl = await startSandboxProcess(processes);
    const service = await startCrmSalesforce({ processes, database, topics, redisUrl: context.servers.redisUrl, sandboxUrl });
    const contacts = Math.min(mostContacts, context.seconds * contactsPerSecond);
    const org = await organisation(new SandboxControl(sandboxUrl), contacts);
    const bench = { contacts, org, service, producer, topicPrefix: topics.prefix, admin: await database.connectAsAdmin('crm_salesforce') };
    context.say(`${contacts} contacts in one Salesforce organisation, whose stand-in is a process of its own`);
    const { pages, load } = await context.measure({ pages: () => readPages(bench), load: () => loadAll(bench) });
    const peak = readPeakBytes(service.pid);
    return [
      valueFigure({ name: 'initial-load-records-per-second', unit: 'records/s', value: load.perSecond, baseline: pages.perSecond, goal: 2_000 }),
      ...(peak === undefined ? [] : [valueFigure({ name: 'initial-load-peak-rss-mb', unit: 'MiB', value: peak / mebibyte, goal: 300, lowerIsBetter: true })]),
    ];
  } finally {
    await producer.disconnect();
    await processes.stopAll();
    await topics.drop();
    await database.drop();
  }
}

async function organisation(control: SandboxControl, contacts: number): Promise<Org> {
  const org = await control.createSalesforceOrg();
  for (let made = 0; made < contacts; made += importBatch) {
    await control.addSalesforceRecords(org.orgId, 'Contact', Array.from({ length: Math.min(importBatch, contacts - made) }, (_, index) => ({
      Email: `person${made + index}@example.com`, FirstName: 'Anna', LastName: `Muster ${made + index}`, Phone: '+4915112345678',
    })));
  }
  return org;
}

/** Each repetition is a tenant of its own, which has nothing yet. */
async function loadAll(bench: Bench): Promise<Measurement> {
  const { org, service, admin } = bench;
  await admin.query(`UPDATE connections.connection SET state = 'disconnected'`);
  const tenantId = randomUUID();
  const { id: connectionId } = await service.tenants.transaction(tenantId, async (manager) => {
    const connection = await service.connections.store.create(manager, {
      tenantId, vendor: 'salesforce', accountId: org.orgId, endpoint: org.instanceUrl, settings: { companyCurrency: 'EUR' }, state: 'healthy',
    });
    await service.connections.tokens.keep(manager, connection, { accessToken: org.accessToken, refreshToken: org.refreshToken });
    return connection;
  });
  const usage = measureUsageOf(service.pid);
  const startedMs = performance.now();
  await requestScan(bench, tenantId, connectionId);
  await eventually('the reading to end', async () => {
    const [job] = await admin.query<Array<{ state: string }>>('SELECT state FROM job WHERE tenant_id = $1', [tenantId]);
    if (job?.state === 'failed') throw new Error('The reading failed; the log of crm-salesforce says why.');
    const [outbox] = await admin.query<Array<{ rows: number }>>('SELECT count(*)::int AS rows FROM outbox');
    return job?.state === 'succeeded' && outbox?.rows === 0;
  }, deadlineMs);
  const seconds = (performance.now() - startedMs) / 1_000;
  const [told] = await admin.query<Array<{ rows: number }>>('SELECT count(*)::int AS rows FROM crm_record WHERE tenant_id = $1', [tenantId]);
  if (told?.rows !== bench.contacts) throw new Error(`Of ${bench.contacts} contacts ${told?.rows ?? 0} were told.`);
  const used = usage();
  return { count: bench.contacts, seconds, ...(used && { usage: used }) };
}

async function requestScan({ producer, topicPrefix }: Bench, tenantId: string, connectionId: string): Promise<void> {
  const scanId = uuid();
  const envelope = new EventPublisher('sync', () => undefined).envelope({ tenantId, correlationId: scanId }, scanRequested, {
    id: scanId, subject: `scan/${connectionId}/contact`, data: { vendor: 'salesforce', connectionId, object: 'contact', scanId },
  });
  await producer.send({ topic: topicPrefix + scanRequested.type, messages: [{ key: eventKey(envelope), value: JSON.stringify(envelope) }] });
}

const pageSchema = z.object({ records: z.array(z.unknown()), nextRecordsUrl: z.string().optional() });

async function readPages({ org, contacts }: Bench): Promise<Measurement> {
  const startedMs = performance.now();
  const soql = 'SELECT Id, Email, FirstName, LastName, Phone, SystemModstamp FROM Contact ORDER BY SystemModstamp, Id';
  let count = 0;
  for (let path: string | undefined = `/services/data/v67.0/queryAll?q=${encodeURIComponent(soql)}`; path !== undefined;) {
    const answer = await fetch(org.instanceUrl + path, { headers: { authorization: `Bearer ${org.accessToken}` } });
    const page = pageSchema.parse(await answer.json());
    count += page.records.length;
    path = page.nextRecordsUrl;
  }
  if (count !== contacts) throw new Error(`Of ${contacts} contacts ${count} came.`);
  return { count, seconds: (performance.now() - startedMs) / 1_000 };
}
