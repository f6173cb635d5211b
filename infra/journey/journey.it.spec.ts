import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, escapeIdentifier } from 'pg';
import { dropTopics, eventually, requireTestServer } from '@crossdock/test-stack';
import { runbooks } from '../observability/runbooks.ts';
import { runOps } from '../ops/ops.ts';
import type { RunningSystem } from '../running-system.ts';
import { System } from '../running-system.ts';
import { brokenWays, whatTheDemoKnows } from './connected-trace.fixture.ts';
import { GatewayApi } from './gateway-api.ts';
import { runJourney, type Moment } from './journey.ts';
import { TraceCollector } from './trace-collector.fixture.ts';

const startDeadlineMs = 120_000;
const journeyDeadlineMs = 180_000;

/** Which service works at which moment: there it is killed. */
const victims: Readonly<Record<Moment, string>> = {
  'a customer buys': 'orders',
  'the order goes to the CRM': 'crm-hubspot',
  'a label is bought': 'shipping',
  'the carrier reports': 'gateway',
  'the deal is won': 'attribution',
};

const name = `journey_${randomBytes(4).toString('hex')}`;
const collector = new TraceCollector();
let system: System;
let running: RunningSystem;

beforeAll(async () => {
  system = new System({
    ...await collector.listen(),
    PATH: process.env['PATH'],
    // So that each service holds its answers to what it declares.
    NODE_ENV: 'test',
    DATABASE_URL: requireTestServer('TEST_DATABASE_ADMIN_URL'),
    KAFKA_BROKERS: requireTestServer('TEST_KAFKA_BROKERS'),
    REDIS_URL: requireTestServer('TEST_REDIS_URL'),
    CROSSDOCK_DATABASE: name,
    KAFKA_TOPIC_PREFIX: `${name}.`,
  }, () => undefined);
  running = await system.start();
}, startDeadlineMs);

afterAll(async () => {
  await system.stop();
  await collector.close();
  await dropTopics(`${name}.`);
  const server = new Client({ connectionString: requireTestServer('TEST_DATABASE_ADMIN_URL') });
  await server.connect();
  await server.query(`DROP DATABASE ${escapeIdentifier(name)} WITH (FORCE)`);
  await server.end();
}, startDeadlineMs);

describe("an order's journey through all processes", () => {
  let played: Promise<boolean> | undefined;
  const playOnce = (): Promise<boolean> => played ??= runJourney(running);

  it('holds in every step, and repeated webhooks change nothing', async () => {
    expect(await playOnce()).toBe(true);
  }, journeyDeadlineMs);

  it('leaves traces that lead from each webhook over outbox, Kafka and tasks to the vendors’ calls and back, and name nobody', async () => {
    await playOnce();
    let broken: readonly string[] = [];
    await eventually('the traces of all services', () => {
      broken = brokenWays(collector.spans);
      return broken.length === 0;
    }).catch(() => undefined);
    expect(broken).toEqual([]);
    expect(JSON.stringify(collector.spans).match(whatTheDemoKnows)).toBeNull();
  }, journeyDeadlineMs);

  it('is told by the graph in one question, as the services behind it have it', async () => {
    await playOnce();
    const gateway = await GatewayApi.forDemo(running);
    const server = new Client({ connectionString: running.databaseAdminUrl });
    await server.connect();
    const { rows: [tenant] } = await server.query<{ id: string }>('SELECT tenant_id AS id FROM orders.customer_order LIMIT 1');
    await server.end();
    const told = await gateway.ask(tenant?.id ?? '', `{
      orders(first: 1) { nodes { id number status connection { vendor } shipments { status } crm { state dealStatus connection { vendor } } } }
      jobs { nodes { service state } }
      attribution { report(models: ["linear"]) { nodes { key credits { model } } } }
    }`);
    expect(told).toEqual({
      orders: { nodes: [{
        id: expect.any(String), number: expect.any(String), status: 'completed', connection: { vendor: 'woocommerce' }, shipments: [{ status: 'delivered' }],
        crm: { state: 'in_step', dealStatus: 'won', connection: { vendor: 'hubspot' } },
      }] },
      jobs: { nodes: expect.arrayContaining([{ service: 'crm-hubspot', state: 'succeeded' }]) },
      attribution: { report: { nodes: expect.arrayContaining([{ key: 'sample', credits: [{ model: 'linear' }] }]) } },
    });
  }, journeyDeadlineMs);

  it('ends in the same state when each service is killed with -9 while it works', async () => {
    const restarts: Array<Promise<unknown>> = [];
    const isTrue = await runJourney(running, async (moment) => {
      const victim = victims[moment];
      await running.supervisor.kill(victim, 'SIGKILL');
      const restarted = running.supervisor.start(victim);
      // Without the gateway no vendor can deliver, and WooCommerce never tries again: that one is waited for.
      if (victim === 'gateway') await restarted;
      else restarts.push(restarted);
    });
    await Promise.all(restarts);
    expect(isTrue).toBe(true);
    expect(restarts).toHaveLength(Object.keys(victims).length - 1);
  }, journeyDeadlineMs);
});

describe('the commands by which runbooks have people look', () => {
  const commands = [...new Set(runbooks().flatMap((page) => page.commands))];

  it.each(commands)('npm run ops -- %s, works', async (command) => {
    const complaints: string[] = [];
    const address = ['--url', running.gatewayUrl, '--issuer', running.authIssuerUrl, '--client', running.demoClient.clientId, '--key-file', running.demoClient.keyFile];
    const status = await runOps([...command.split(' '), ...address], { print: () => undefined, complain: (text) => void complaints.push(text) });
    expect({ status, complaints }).toEqual({ status: 0, complaints: [] });
  });
});
