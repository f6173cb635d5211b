import { randomUUID } from 'node:crypto';
import { eventKey, scanRequested } from '@crossdock/contracts';
import { EventPublisher, recordPartitioner } from '@crossdock/event-bus';
import { SandboxControl } from '@crossdock/sandbox';
import { createTestDatabase, createTestTopics, eventually } from '@crossdock/test-stack';
import type { Producer } from 'kafkajs';
import type { DataSource } from 'typeorm';
import { v7 as uuid } from 'uuid';
import type { BenchContext, Measurement } from '../bench.ts';
import { measureUsageOf } from '../process-usage.ts';
import { BenchProcesses } from '../servers/bench-process.ts';
import { type BenchCrmService, startCrmService, startSandboxProcess } from '../servers/crm-service.ts';

const deadlineMs = 300_000;

/** A CRM service beside the vendors' stand-in, and what it is asked and looked at by. */
export interface ReadingWorld {
  readonly service: BenchCrmService;
  readonly control: SandboxControl;
  readonly producer: Producer;
  readonly topicPrefix: string;
  readonly admin: DataSource;
}

/** An account with so many contacts. */
export interface AccountToRead {
  readonly accountId: string;
  readonly endpoint?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly tokens: { readonly accessToken: string; readonly refreshToken: string };
  readonly contacts: number;
}

/** Runs `work` beside one process of a vendor's service and one of the stand-in, with a database and topics that are gone afterwards. */
export async function withReadingWorld<Result>(
  { servers: { redisUrl } }: BenchContext, vendor: BenchCrmService['vendor'], work: (world: ReadingWorld) => Promise<Result>,
): Promise<Result> {
  const [database, topics] = [await createTestDatabase(), await createTestTopics()];
  const processes = new BenchProcesses();
  const producer = topics.kafka.producer({ createPartitioner: recordPartitioner });
  try {
    await producer.connect();
    const sandboxUrl = await startSandboxProcess(processes);
    const service = await startCrmService(vendor, { processes, database, topics, redisUrl, sandboxUrl });
    const admin = await database.connectAsAdmin(`crm_${vendor}`);
    return await work({ service, control: new SandboxControl(sandboxUrl), producer, topicPrefix: topics.prefix, admin });
  } finally {
    await producer.disconnect();
    await processes.stopAll();
    await topics.drop();
    await database.drop();
  }
}

/**
 * Connects the account for a tenant that has nothing yet and has all its contacts told: from the request to the last event that Kafka has
 * acknowledged. Accounts that were connected before are not any more. @throws Error where not all were told.
 */
export async function readCompletely(world: ReadingWorld, { tokens, contacts, ...account }: AccountToRead): Promise<Measurement> {
  const { service, admin } = world;
  await admin.query(`UPDATE connections.connection SET state = 'disconnected'`);
  const tenantId = randomUUID();
  const { id: connectionId } = await service.tenants.transaction(tenantId, async (manager) => {
    const connection = await service.connections.store.create(manager, { tenantId, vendor: service.vendor, settings: {}, state: 'healthy', ...account });
    await service.connections.tokens.keep(manager, connection, tokens);
    return connection;
  });
  const usage = measureUsageOf(service.pid);
  const startedMs = performance.now();
  await requestScan(world, tenantId, connectionId);
  await eventually('the reading to end', async () => {
    const [job] = await admin.query<Array<{ state: string }>>('SELECT state FROM job WHERE tenant_id = $1', [tenantId]);
    if (job?.state === 'failed') throw new Error(`The reading failed; the log of crm-${service.vendor} says why.`);
    const [outbox] = await admin.query<Array<{ rows: number }>>('SELECT count(*)::int AS rows FROM outbox');
    return job?.state === 'succeeded' && outbox?.rows === 0;
  }, deadlineMs);
  const seconds = (performance.now() - startedMs) / 1_000;
  const [told] = await admin.query<Array<{ rows: number }>>('SELECT count(*)::int AS rows FROM crm_record WHERE tenant_id = $1', [tenantId]);
  if (told?.rows !== contacts) throw new Error(`Of ${contacts} contacts ${told?.rows ?? 0} were told.`);
  const used = usage();
  return { count: contacts, seconds, ...(used && { usage: used }) };
}

async function requestScan({ service: { vendor }, producer, topicPrefix }: ReadingWorld, tenantId: string, connectionId: string): Promise<void> {
  const scanId = uuid();
  const envelope = new EventPublisher('sync', () => undefined).envelope({ tenantId, correlationId: scanId }, scanRequested, {
    id: scanId, subject: `scan/${connectionId}/contact`, data: { vendor, connectionId, object: 'contact', scanId },
  });
  await producer.send({ topic: topicPrefix + scanRequested.type, messages: [{ key: eventKey(envelope), value: JSON.stringify(envelope) }] });
}
