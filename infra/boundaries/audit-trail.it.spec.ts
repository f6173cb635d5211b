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
}, 90_000);
afterAll(async () => {
  await journal.stop();
  await front.stop();
  await world.stop();
}, 60_000);

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
});
