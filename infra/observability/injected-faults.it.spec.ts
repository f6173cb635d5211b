import { randomUUID } from 'node:crypto';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FaultedSystem, type Tenant } from './faulted-system.fixture.ts';
import { providePrometheus } from './prometheus-programs.ts';
import { Pace } from './rules/pace.ts';
import { type FiringAlert, RunningPrometheus } from './running-prometheus.fixture.ts';

/** A minute of the rules is a second here. */
const pace = new Pace(1 / 60);
const firesWithinMs = 180_000;
/** Longer than all faults that come in turn. */
const testTimeoutMs = 900_000;
const programs = providePrometheus();

if ('missing' in programs) {
  describe('alerts of injected faults', () => {
    it(`are played by their cases alone: ${programs.missing}`, () => {
      expect(programs.missing).toMatch(/\.$/);
    });
  });
} else {
  let system: FaultedSystem;
  let prometheus: RunningPrometheus;
  let shop: Tenant;
  let broken: Tenant;
  let busy: Tenant;

  beforeAll(async () => {
    system = await FaultedSystem.start();
    [shop, broken, busy, prometheus] = await Promise.all([
      system.tenant(), system.tenant(), system.tenant({ limits: { callsPerDay: 60 } }),
      RunningPrometheus.start(programs, { 'crm-hubspot': system.crm.service.internalUrl, gateway: system.gateway.internalUrl }, pace),
    ]);
  }, 120_000);

  afterAll(async () => {
    await prometheus.stop();
    await system.stop();
  });

  const firing = (alert: string): Promise<FiringAlert> => prometheus.firing(alert, firesWithinMs);

  let lastTurn: Promise<unknown> = Promise.resolve();
  /** What would hide another fault, or be hidden by it, waits until that one is over. */
  function inTurn<Result>(fault: () => Promise<Result>): Promise<Result> {
    const turn = lastTurn.then(fault);
    lastTurn = turn.catch(() => undefined);
    return turn;
  }

  /** Goes on with a fault until its alert fires. */
  async function until(alert: string, fault: (isOver: () => boolean) => Promise<unknown>): Promise<FiringAlert> {
    const over = new AbortController();
    const injected = (async () => {
      while (!over.signal.aborted) await fault(() => over.signal.aborted);
    })();
    try {
      return await firing(alert);
    } finally {
      over.abort();
      await injected;
    }
  }

  const pause = (seconds: number): Promise<unknown> => system.crm.admin.query('SELECT pg_sleep($1)', [seconds]);

  describe('a real Prometheus tells of', () => {
    it.concurrent('poison messages, and of dead letters that grow', async () => {
      await system.poison(60);
      expect((await firing('CrossdockEventsRefused')).labels).toMatchObject({ consumer: 'crm-hubspot' });
      expect((await firing('CrossdockDeadLettersRise')).summary).toMatch(/^crm-hubspot gave up \d+/);
    }, testTimeoutMs);

    it.concurrent('a job that is stuck', async () => {
      await system.crm.admin.query(
        `INSERT INTO job (id, tenant_id, kind, group_key, input, state, total, done, created_at) VALUES ($1, $2, 'crm.read-all', 'g', '{}', 'waiting', 10, 3, now() - interval '1 hour')`,
        [randomUUID(), randomUUID()]);
      expect((await firing('CrossdockJobStuck')).labels).toMatchObject({ service: 'crm-hubspot', kind: 'crm.read-all' });
    }, testTimeoutMs);

    it.concurrent('a Kafka that is away, while webhooks are taken', async () => {
      expect(await system.webhookFor(shop)).toBe(200);
      expect(await firing('CrossdockOutboxStuck')).toMatchObject({ labels: { service: 'gateway', severity: 'page' }, summary: expect.stringMatching(/^An event of gateway has waited for \d/) });
      system.kafka.open();
      await eventually('the alert to end', async () => !await prometheus.isFiring('CrossdockOutboxStuck'));
    }, testTimeoutMs);

    it.concurrent('a token that was revoked', async () => {
      await inTurn(() => system.revokeTokens(broken));
      expect((await firing('CrossdockConnectionBroken')).summary).toBe('1 more connections to hubspot must be connected again by their tenants than an hour ago.');
    }, testTimeoutMs);

    it.concurrent('an account whose limit is used up', async () => {
      const { summary } = await inTurn(() => until('CrossdockBudgetUsedUp', () => Promise.all([system.askForContact(busy), pause(0.1)])));
      expect(summary).toMatch(/^\d+(\.\d+)?% of calls to hubspot are put off because the limit of their account is used up\.$/);
    }, testTimeoutMs);

    it.concurrent('a slow database', async () => {
      const { summary } = await inTurn(() => until('CrossdockDatabaseSlow', async () => {
        const endsAtMs = performance.now() + 2_000;
        await Promise.all([system.holdInbox(() => performance.now() > endsAtMs), system.askForContact(shop), system.askForContact(shop)]);
      }));
      expect(summary).toMatch(/^One transaction in ten with which crm-hubspot takes events lasts [1-9]/);
    }, testTimeoutMs);

    it.concurrent('lag that grows', async () => {
      const { labels } = await inTurn(() => until('CrossdockConsumerLags', (isOver) => Promise.all([system.holdInbox(isOver), system.askForContact(shop)])));
      expect(labels).toMatchObject({ consumer: 'crm-hubspot', severity: 'page' });
    }, testTimeoutMs);

    it.concurrent('a vendor that is down', async () => {
      const { summary } = await inTurn(async () => {
        await system.crm.control.addFault('hubspot', { kind: 'status', status: 503, times: 100_000 });
        try {
          return await until('CrossdockVendorDown', () => Promise.all([system.askForContact(shop), pause(0.5)]));
        } finally {
          await system.crm.control.clearFaults('hubspot');
        }
      });
      expect(summary).toMatch(/% of calls to hubspot fail: it is away for everybody\.$/);
    }, testTimeoutMs);
  });
}
