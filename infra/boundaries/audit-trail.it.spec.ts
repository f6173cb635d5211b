import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { connectionsSchema } from '@crossdock/connections';
import { loadConfig, startService, type RunningService } from '@crossdock/service-kit';
import { eventually } from '@crossdock/test-stack';
import { ConnectingGateway } from '../../apps/gateway/src/connections/connecting-gateway.fixture.ts';
import { ServiceFront } from '../../apps/gateway/src/connections/service-front.fixture.ts';
import { journalDefinition } from '../../apps/journal/src/journal.definition.ts';
import { journalSchema } from '../../apps/journal/src/journal.schema.ts';
import { startBeside } from './connection-life.fixture.ts';

const pageSchema = z.object({
  items: z.array(z.object({ actor: z.string(), action: z.string(), record: z.record(z.string(), z.string()), outcome: z.string(), detail: z.looseObject({ actId: z.string(), status: z.number().optional() }) }).loose()),
});
const keptSchema = z.looseObject({ id: z.uuid() });
const keySchema = z.looseObject({ id: z.uuid(), key: z.string() });

let world: ConnectingGateway;
let front: ServiceFront;
let journal: RunningService;

beforeAll(async () => {
  front = await ServiceFront.start();
  world = await ConnectingGateway.start({ JOURNAL_URL: front.url });
  const token = await world.issuer.sign({ claims: { aud: 'journal', scope: 'audit:read audit:write tenant:any' } });
  world.issuer.tokenEndpoint = () => ({ status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: 600 } });
  journal = await startBeside(world, 'journal', [connectionsSchema, journalSchema], (environment, logger) => startService(journalDefinition, loadConfig(journalDefinition.config, environment), logger));
  front.leadTo(journal);
});
afterAll(async () => {
  await journal.stop();
  await front.stop();
  await world.stop();
});

describe('who did what', () => {
  it('stands in the tenant’s audit: each call that changes something, by whom, to which record, with its answer, and none that only asks', async () => {
    const tenant = await world.tenant();
    const made = await tenant.call('POST', '/v1/api-keys', { name: 'shop', scopes: ['connections:read'] });
    const { id, key } = keySchema.parse(made.body);
    await tenant.call('GET', '/v1/api-keys');
    const refused = await tenant.call('POST', `/v1/connections/${randomUUID()}/reconnect`, { vendor: 'hubspot' });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    const found = await eventually('both calls to be written down', async () => {
      const { items } = pageSchema.parse((await tenant.call('GET', '/v1/audit')).body);
      return items.length === 4 && items;
    }, 60_000);
    // Newest first within an act; acts are told side by side.
    const actsOf = (action: string) => found.filter((entry) => entry.action === action);
    const [keyMade, keyAsked] = actsOf('POST /v1/api-keys');
    expect(keyAsked).toMatchObject({ outcome: 'asked', record: {} });
    expect(keyMade).toMatchObject({ outcome: 'done', detail: { status: 201, actId: keyAsked?.detail.actId } });
    expect(actsOf('POST /v1/connections/:id/reconnect')).toMatchObject([{ outcome: 'refused', detail: { status: refused.status } }, { outcome: 'asked' }]);
    expect(JSON.stringify(found)).not.toContain(key);
    await world.service.app.inject({ method: 'DELETE', url: `/v1/api-keys/${id}`, headers: { authorization: `Bearer ${key}` } });
    expect((await tenant.call('GET', '/v1/audit/verification')).body).toEqual({ outcome: 'whole', entries: 4 });
  });

  it('stands in the operators’ audit and in the tenant’s where an operator did it, and only operators see theirs', async () => {
    const tenant = await world.tenant();
    const token = await world.issuer.sign({ claims: { aud: 'gateway', sub: 'ops', scope: 'tenants:manage operations:read' } });
    const ask = async (method: 'GET' | 'POST', url: string, body?: object) => {
      const answer = await world.service.app.inject({ method, url, headers: { authorization: `Bearer ${token}` }, ...(body && { payload: body }) });
      return { status: answer.statusCode, text: answer.body };
    };
    const made = keptSchema.parse(JSON.parse((await ask('POST', '/v1/tenants', { slug: `t-${randomUUID()}`, name: 'New' })).text));
    expect((await ask('POST', `/v1/tenants/${tenant.id}/suspend`)).status).toBe(200);
    expect((await ask('POST', `/v1/tenants/${tenant.id}/resume`)).status).toBe(200);
    const found = await eventually('the operator’s acts to be written down', async () => {
      const { items } = pageSchema.parse(JSON.parse((await ask('GET', `/v1/operators/audit?actor=ops`)).text));
      return items.length === 6 && items;
    }, 60_000);
    expect(found.filter(({ action, outcome }) => action === 'POST /v1/tenants/:id/suspend' && outcome === 'done')).toMatchObject([{ actor: 'ops', record: { id: tenant.id }, detail: { status: 200 } }]);
    expect(found.filter(({ action, outcome }) => action === 'POST /v1/tenants' && outcome === 'done')).toMatchObject([{ record: { id: made.id } }]);
    expect(JSON.parse((await ask('GET', '/v1/operators/audit/verification')).text)).toMatchObject({ outcome: 'whole' });
    // With the one by which it was made.
    expect((await ask('GET', `/v1/operators/audit/export?record=${tenant.id}`)).text.trim().split('\n')).toHaveLength(5);
    const own = await eventually('the tenant to see what was done to it', async () => {
      const { items } = pageSchema.parse((await tenant.call('GET', '/v1/audit?actor=ops')).body);
      return items.length === 4 && items;
    }, 60_000);
    expect(own.filter(({ outcome }) => outcome === 'done').map(({ action }) => action).sort()).toEqual(['POST /v1/tenants/:id/resume', 'POST /v1/tenants/:id/suspend']);
    expect((await tenant.call('GET', '/v1/operators/audit')).status).toBe(403);
  }, 180_000);
});
