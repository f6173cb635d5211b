import { randomUUID } from 'node:crypto';
import { CrmServiceWorld } from '@crossdock/crm-service/crm-service.fixture';
import { createTestKafka } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crmHubSpotDefinition } from '../../apps/crm-hubspot/src/crm-hubspot.definition.ts';
import { providePrometheus } from './prometheus-programs.ts';
import { Pace } from './rules/pace.ts';
import { RunningPrometheus } from './running-prometheus.fixture.ts';

/** A minute of the rules is a second here. */
const pace = new Pace(1 / 60);
const firesWithinMs = 180_000;
const programs = providePrometheus();

if ('missing' in programs) {
  describe('alerts of injected faults', () => {
    it(`are played by their cases alone: ${programs.missing}`, () => {
      expect(programs.missing).toMatch(/\.$/);
    });
  });
} else {
  const app = { clientId: randomUUID(), clientSecret: randomUUID() };
  let world: CrmServiceWorld;
  let prometheus: RunningPrometheus;
  let shop: Awaited<ReturnType<CrmServiceWorld['tenant']>>;

  beforeAll(async () => {
    world = await CrmServiceWorld.start('hubspot', crmHubSpotDefinition, (sandboxUrl) => ({
      hubspotApiUrl: `${sandboxUrl}/hubspot`, hubspotClientId: app.clientId, hubspotClientSecret: app.clientSecret,
    }));
    const portal = await world.control.createHubSpotPortal(app);
    shop = await world.tenant({ accountId: String(portal.portalId), tokens: portal });
    await shop.connected();
    prometheus = await RunningPrometheus.start(programs, { 'crm-hubspot': world.service.internalUrl }, pace);
  }, 120_000);

  afterAll(async () => {
    await prometheus.stop();
    await world.stop();
  }, 60_000);

  const askForContact = (): Promise<string> => shop.ask({ object: 'contact', fields: { email: `${randomUUID()}@example.com`, firstName: 'Anna' } });

  /** Nobody may write what was handled for so long: the service waits in its transactions. */
  const holdInbox = (seconds: number): Promise<unknown> => world.admin.transaction(async (manager) => {
    await manager.query('LOCK TABLE inbox IN EXCLUSIVE MODE');
    await manager.query('SELECT pg_sleep($1)', [seconds]);
  });

  /** Goes on with a fault until its alert fires. */
  async function until(alert: string, fault: () => Promise<unknown>): Promise<Awaited<ReturnType<RunningPrometheus['firing']>>> {
    const over = new AbortController();
    const injected = (async () => {
      while (!over.signal.aborted) await fault();
    })();
    try {
      return await prometheus.firing(alert, firesWithinMs);
    } finally {
      over.abort();
      await injected;
    }
  }

  describe('a real Prometheus tells of', () => {
    it('poison messages, and of dead letters that grow', async () => {
      const producer = createTestKafka().producer();
      await producer.connect();
      await producer.send({
        topic: `${String(world.settings['topicPrefix'])}crm.upsert.requested.v1`,
        messages: Array.from({ length: 60 }, (_, index) => ({ key: String(index), value: 'poison' })),
      });
      await producer.disconnect();
      expect((await prometheus.firing('CrossdockEventsRefused', firesWithinMs)).labels).toMatchObject({ consumer: 'crm-hubspot' });
      expect((await prometheus.firing('CrossdockDeadLettersRise', firesWithinMs)).summary).toMatch(/^crm-hubspot gave up \d+/);
    }, 400_000);

    it('a slow database', async () => {
      const { summary } = await until('CrossdockDatabaseSlow', async () => {
        await Promise.all([holdInbox(2), askForContact(), askForContact()]);
      });
      expect(summary).toMatch(/^One transaction in ten with which crm-hubspot takes events lasts [1-9]/);
    }, 240_000);

    it('lag that grows', async () => {
      await askForContact();
      const { labels } = await until('CrossdockConsumerLags', async () => {
        await Promise.all([holdInbox(25), askForContact()]);
      });
      expect(labels).toMatchObject({ consumer: 'crm-hubspot', severity: 'page' });
    }, 240_000);

    it('a job that is stuck', async () => {
      await world.admin.query(
        `INSERT INTO job (id, tenant_id, kind, group_key, input, state, total, done, created_at) VALUES ($1, $2, 'crm.read-all', 'g', '{}', 'waiting', 10, 3, now() - interval '1 hour')`,
        [randomUUID(), randomUUID()]);
      expect((await prometheus.firing('CrossdockJobStuck', firesWithinMs)).labels).toMatchObject({ service: 'crm-hubspot', kind: 'crm.read-all' });
    }, 240_000);

    it('a vendor that is down', async () => {
      await world.control.addFault('hubspot', { kind: 'status', status: 503, times: 100_000 });
      const { summary } = await until('CrossdockVendorDown', async () => {
        await Promise.all([askForContact(), world.admin.query('SELECT pg_sleep(0.5)')]);
      });
      expect(summary).toMatch(/% of calls to hubspot fail: it is away for everybody\.$/);
    }, 240_000);
  });
}
