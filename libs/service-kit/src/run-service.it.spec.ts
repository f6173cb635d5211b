import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { Controller, Get, Module, type DynamicModule } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino, type Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { Failure, orderReceived, type EventOf } from '@crossdock/contracts';
import { EventPublisher, OnEvent } from '@crossdock/event-bus';
import { Public } from '@crossdock/service-tokens';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import {
  createTcpGate, createTestDatabase, createTestTopics, eventually, requireTestServer, type TcpGate, type TestDatabase, type TestTopics,
} from '@crossdock/test-stack';
import { startService, type RunningService } from './run-service.ts';
import { serviceConfigShape } from './service-config.ts';

const tenantId = randomUUID();
const slowAnswer = Promise.withResolvers<undefined>();

@Public()
@Controller()
class Probe {
  @OnEvent(orderReceived)
  async refuse(event: EventOf<typeof orderReceived>): Promise<void> {
    throw new Failure('invalid', `Order ${event.data.externalId} cannot be read; mend it in the shop.`);
  }

  @Get('v1/conflict')
  conflict(): never {
    throw new Failure('conflict', 'Somebody else was faster.');
  }

  /** Answers when it is told to. */
  @Get('v1/slow')
  async slow(): Promise<{ done: true }> {
    await slowAnswer.promise;
    return { done: true };
  }

  @Get('v1/fault')
  fault(): never {
    throw new Error('the password is hunter2');
  }

  @Get('v1/field')
  field(): unknown {
    return z.object({ quantity: z.number().positive() }).parse({ quantity: -1 });
  }
}

@Module({})
class ProbeModule {
  static with(): DynamicModule {
    return { module: ProbeModule, controllers: [Probe] };
  }
}

let database: TestDatabase;
let topics: TestTopics;
let admin: DataSource;
let service: RunningService;
let postgresGate: TcpGate;
let databaseUrl: string;

beforeAll(async () => {
  [database, topics] = await Promise.all([createTestDatabase(), createTestTopics()]);
  const url = new URL(await database.migrateService('orders', [{ name: 'orders', migrations: [] }]));
  admin = await database.connectAsAdmin('orders');
  postgresGate = await createTcpGate({ host: url.hostname, port: Number(url.port) }, true);
  databaseUrl = Object.assign(url, { hostname: '127.0.0.1', port: String(postgresGate.port) }).toString();
  service = await startProbe(pino({ level: 'silent' }));
});

afterAll(async () => {
  postgresGate.open();
  await service.stop();
  await postgresGate.dispose();
  await topics.drop();
  await database.drop();
});

function startProbe(logger: Logger): Promise<RunningService> {
  const config = z.object(serviceConfigShape);
  return startService({ name: 'orders', config, module: () => ProbeModule.with() }, config.parse({
    databaseUrl, databasePoolSize: 5,
    kafkaBrokers: topics.brokers.join(','), topicPrefix: topics.prefix, redisUrl: requireTestServer('TEST_REDIS_URL'), authIssuerUrl: 'http://127.0.0.1:9',
    port: 0, internalPort: 0, logLevel: 'fatal', outboxCeilingRows: 1_000,
  }), logger);
}

async function internal(path: string): Promise<{ status: number; body: string }> {
  const response = await fetch(`${service.internalUrl}${path}`);
  return { status: response.status, body: await response.text() };
}

async function get(path: string): Promise<{ status: number; type: string; body: Record<string, unknown> }> {
  const response = await service.app.inject({ method: 'GET', url: path });
  return { status: response.statusCode, type: String(response.headers['content-type']), body: response.json() };
}

describe('a running service', () => {
  it('is ready when PostgreSQL, Kafka and Redis answer', async () => {
    expect(await internal('/health/live')).toMatchObject({ status: 200 });
    const ready = await internal('/health/ready');
    expect(ready.status).toBe(200);
    expect(JSON.parse(ready.body)).toEqual({ status: 'ready', checks: { postgresql: 'up', kafka: 'up', redis: 'up' } });
  });

  it('is not ready while the database is away, and stays alive', async () => {
    postgresGate.close();
    const away = await internal('/health/ready');
    expect(away.status).toBe(503);
    expect(JSON.parse(away.body)).toMatchObject({ status: 'unavailable', checks: { postgresql: 'down' } });
    expect((await internal('/health/live')).status).toBe(200);
    postgresGate.open();
    await eventually('readiness', async () => (await internal('/health/ready')).status === 200);
  });

  it('exports its metrics, requests by route pattern among them', async () => {
    await get('/v1/conflict');
    const { body } = await internal('/metrics');
    expect(body).toMatch(/crossdock_http_request_duration_seconds_count\{service="orders",route="\/v1\/conflict",method="GET",status_class="4xx"\} \d+/);
    expect(body).toContain('crossdock_outbox_rows');
    expect(body).toContain('nodejs_eventloop_lag_seconds');
    expect(body).toMatch(/crossdock_database_pool_connections\{state="idle",service="orders"\} \d+/);
  });

  it('bounds what slow and many clients may take', () => {
    const server: Server = service.app.getHttpServer();
    expect(server).toMatchObject({ headersTimeout: 10_000, requestTimeout: 30_000, maxConnections: 8_000 });
  });

  it('keeps health and metrics off the port that callers reach', async () => {
    expect((await get('/metrics')).status).toBe(404);
    expect((await get('/health/ready')).status).toBe(404);
  });

  it('answers problems with a stable code and never the text of a fault of ours', async () => {
    expect(await get('/v1/conflict')).toMatchObject({
      status: 409, type: expect.stringContaining('application/problem+json'), body: { code: 'conflict', detail: 'Somebody else was faster.' },
    });
    expect(await get('/v1/field')).toMatchObject({ status: 422, body: { errors: [{ pointer: '/quantity' }] } });
    const fault = await get('/v1/fault');
    expect(fault.status).toBe(500);
    expect(JSON.stringify(fault.body)).not.toContain('hunter2');
  });

  it('puts an event that its handler refuses into the dead letters with the handler’s own reason', async () => {
    await tenantContext.run({ tenantId, correlationId: randomUUID() }, () =>
      service.app.get(TenantDatabase).transaction(tenantId, (manager) =>
        service.app.get(EventPublisher).publish(manager, orderReceived, {
          subject: 'order/1',
          data: { vendor: 'woocommerce', connectionId: randomUUID(), change: 'created', externalId: '1', receivedAt: new Date().toISOString(), payload: {} },
        })));
    const [letter] = await eventually('the dead letter', async () => {
      const rows = await admin.query<Array<{ reason: string; error: string }>>('SELECT reason, error FROM dead_letter');
      return rows.length > 0 && rows;
    });
    expect(letter).toEqual({ reason: 'invalid', error: 'Order 1 cannot be read; mend it in the shop.' });
    await eventually('the count of dead letters', async () =>
      /crossdock_dead_letter_total\{[^}]*origin="event",reason="invalid"[^}]*\} 1/.test((await internal('/metrics')).body));
  });
});

describe('another process of a service', () => {
  it('waits at its start for a database that is away, and answers what still comes on an open connection while it drains', async () => {
    const lines: string[] = [];
    postgresGate.close();
    const starting = startProbe(pino({ level: 'warn' }, { write: (line: string) => lines.push(line) }));
    await eventually('a try that was refused', () => lines.some((line) => line.includes('the database does not answer')));
    postgresGate.open();
    const another = await starting;
    expect((await fetch(`${another.internalUrl}/health/ready`)).status).toBe(200);

    const connection = connect(Number(new URL(await another.app.getUrl()).port), '127.0.0.1');
    let answered = '';
    connection.setEncoding('utf8').on('data', (text: string) => (answered += text));
    const ask = (path: string): boolean => connection.write(`GET ${path} HTTP/1.1\r\nhost: orders\r\n\r\n`);
    ask('/v1/slow');
    await eventually('the first request to be taken', async () => /crossdock_http_connections(\{[^}]*\})? 1\n/.test(await (await fetch(`${another.internalUrl}/metrics`)).text()));
    const stopped = another.stop();
    await eventually('no new connection to be taken', () => !another.app.getHttpServer().listening);
    ask('/v1/conflict');
    slowAnswer.resolve(undefined);
    await Promise.all([stopped, once(connection, 'close')]);
    expect(answered.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 409']);
  });
});
