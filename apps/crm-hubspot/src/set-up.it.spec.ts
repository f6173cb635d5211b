import { randomUUID } from 'node:crypto';
import { connectionCreated } from '@crossdock/contracts';
import { CrmServiceWorld } from '@crossdock/crm-service/crm-service.fixture';
import { startIssuer, type IssuerFixture } from '@crossdock/service-tokens/issuer.fixture';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { crmHubSpotDefinition } from './crm-hubspot.definition.ts';

const app = { clientId: randomUUID(), clientSecret: randomUUID() };
const viewSchema = z.looseObject({
  job: z.looseObject({ id: z.uuid(), state: z.string(), done: z.number(), step: z.string().optional() }),
  capabilities: z.looseObject({ mode: z.string(), probedAt: z.string() }).optional(),
});

let issuer: IssuerFixture;
let world: CrmServiceWorld;

beforeAll(async () => {
  issuer = await startIssuer();
  world = await CrmServiceWorld.start('hubspot', crmHubSpotDefinition, (sandboxUrl) => ({
    authIssuerUrl: issuer.url, publicUrl: 'https://hub.example.com',
    hubspotApiUrl: `${sandboxUrl}/hubspot`, hubspotClientId: app.clientId, hubspotClientSecret: app.clientSecret,
  }));
});

afterAll(async () => {
  await world.stop();
  await issuer.stop();
});

/** A tenant with a HubSpot account, and how callers see its set-up. */
async function account(scopes?: readonly string[]) {
  const portal = await world.control.createHubSpotPortal({ ...app, ...(scopes && { scopes: [...scopes] }) });
  const shop = await world.tenant({ accountId: String(portal.portalId), tokens: portal });
  const token = await issuer.sign({ claims: { aud: 'crm-hubspot', scope: 'connections:read connections:write tenant:any' } });
  const call = (method: 'GET' | 'POST', tenant = shop.tenantId) => world.service.app.inject({
    method, url: `/v1/connections/${shop.connection.id}/set-up`, headers: { authorization: `Bearer ${token}`, 'x-crossdock-tenant': tenant },
  });
  const view = async () => {
    const response = await call('GET');
    return response.statusCode === 200 ? viewSchema.parse(response.json()) : undefined;
  };
  return {
    portal, call, view,
    connection: () => shop.current(),
    connected: (times = 1) => shop.say(connectionCreated, { connectionId: shop.connection.id, vendor: 'hubspot' }, { times }),
    ended: () => eventually('the set-up to end', async () => {
      const found = await view();
      return found?.job.state === 'succeeded' && found;
    }),
  };
}

const types = ['contacts', 'companies', 'deals'] as const;
const jobsOf = (jobId: string) => world.admin.query<unknown[]>('SELECT 1 FROM job WHERE id = $1 OR tenant_id = (SELECT tenant_id FROM job WHERE id = $1)', [jobId]);

describe('the set-up of a HubSpot account', () => {
  it('asks what the account allows, makes the properties, and calls the connection healthy, once however often the event comes', async () => {
    const shop = await account();
    await shop.connected(3);
    const view = await shop.ended();
    expect(view).toMatchObject({ job: { done: 4, total: 4, step: 'health' }, capabilities: { mode: 'full' }, changeNotices: { kind: 'app' } });
    expect(await jobsOf(view.job.id)).toHaveLength(1);
    expect(await shop.connection()).toMatchObject({ state: 'healthy' });
    for (const property of [...types.map((type) => `${type}/crossdock_external_id`), 'deals/crossdock_order_status', 'deals/crossdock_line_items', 'deals/crossdock_order_source', 'deals/crossdock_sample_request', 'deals/crossdock_sample_status']) {
      const answer = await fetch(`${world.sandbox.url}/hubspot/crm/v3/properties/${property}`, { headers: { authorization: `Bearer ${shop.portal.accessToken}` } });
      expect([property, answer.status]).toEqual([property, 200]);
    }
  });

  it('goes on where a worker died, and does no step again that was done', async () => {
    const shop = await account();
    await world.control.addFault('hubspot', { kind: 'latency', latencyMs: 15_000, times: 1, pathPattern: '^POST .*properties' });
    await shop.connected();
    const stuck = await eventually('the worker to wait for HubSpot', async () => {
      const found = await shop.view();
      return found?.job.step === 'fields' && found;
    });
    await world.admin.query(`UPDATE task SET lease_holder = gen_random_uuid(), lease_until = now() - interval '1 second' WHERE payload ->> 'jobId' = $1`, [stuck.job.id]);
    const view = await shop.ended();
    expect(view.job.id).toBe(stuck.job.id);
    const looks = await eventually('the record of the last call', async () => {
      const calls = await world.admin.query<Array<{ operation: string }>>('SELECT operation FROM connections.vendor_call WHERE connection_id = $1', [view.connectionId]);
      return calls.some(({ operation }) => operation === 'probe') && calls.filter(({ operation }) => operation === 'oauth.introspect');
    });
    // Once by the first step, and once more when the properties had been made.
    expect(looks).toHaveLength(2);
    expect(await shop.connection()).toMatchObject({ state: 'healthy' });
  });

  it('adapts to an account that may be read only, and says so on the connection', async () => {
    const shop = await account(['oauth', ...types.flatMap((type) => [`crm.objects.${type}.read`, `crm.schemas.${type}.read`])]);
    await shop.connected();
    expect(await shop.ended()).toMatchObject({ capabilities: { mode: 'read_only' } });
    expect(await shop.connection()).toMatchObject({ state: 'degraded', stateReason: expect.stringContaining('scopes to write') });
  });

  it('names what a person has to make where the hub may not, and is through once it is there', async () => {
    const shop = await account(['oauth', ...types.flatMap((type) => [`crm.objects.${type}.read`, `crm.objects.${type}.write`, `crm.schemas.${type}.read`])]);
    await shop.connected();
    const before = await shop.ended();
    expect(before).toMatchObject({ capabilities: { mode: 'light' }, missing: expect.stringContaining('HubSpot') });
    expect(await shop.connection()).toMatchObject({ state: 'degraded' });

    for (const type of types) await world.control.addHubSpotProperty(shop.portal.portalId, type, 'crossdock_external_id');
    await world.control.addHubSpotProperty(shop.portal.portalId, 'deals', 'crossdock_order_status', { hasUniqueValue: false });
    expect((await shop.call('POST')).statusCode).toBe(202);
    const after = await eventually('the second set-up', async () => {
      const found = await shop.view();
      return found?.job.id !== before.job.id && found?.job.state === 'succeeded' && found;
    });
    expect(after).not.toHaveProperty('missing');
    expect(await shop.connection()).toMatchObject({ state: 'healthy' });
  });

  it('is shown to nobody else', async () => {
    const shop = await account();
    await shop.connected();
    await shop.ended();
    expect((await shop.call('GET', randomUUID())).statusCode).toBe(404);
    expect((await shop.call('POST', randomUUID())).statusCode).toBe(404);
  });
});
