import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { connectionsSchema } from '@crossdock/connections';
import { loadConfig, startService, type RunningService } from '@crossdock/service-kit';
import { ConnectingGateway } from '../../apps/gateway/src/connections/connecting-gateway.fixture.ts';
import { ServiceFront } from '../../apps/gateway/src/connections/service-front.fixture.ts';
import { ordersDefinition } from '../../apps/orders/src/orders.definition.ts';
import { ordersSchema } from '../../apps/orders/src/orders.schema.ts';
import { startBeside } from './connection-life.fixture.ts';

const path = '/v1/orders/state-machine';
const machineSchema = z.object({
  version: z.int(),
  definition: z.looseObject({ states: z.record(z.string(), z.looseObject({ shop: z.array(z.string()) })) }),
  diagram: z.string(),
  versions: z.array(z.object({ version: z.int(), savedBy: z.string(), savedAt: z.iso.datetime(), isActive: z.boolean() })),
});
type Machine = z.infer<typeof machineSchema>;

let world: ConnectingGateway;
let front: ServiceFront;
let orders: RunningService;

beforeAll(async () => {
  front = await ServiceFront.start();
  world = await ConnectingGateway.start({ ORDERS_URL: front.url });
  const token = await world.issuer.sign({ claims: { aud: 'orders', scope: 'orders:read orders:write tenant:any' } });
  world.issuer.tokenEndpoint = () => ({ status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: 600 } });
  orders = await startBeside(world, 'orders', [ordersSchema, connectionsSchema], (environment, logger) => startService(ordersDefinition, loadConfig(ordersDefinition.config, environment), logger));
  front.leadTo(orders);
});
afterAll(async () => {
  await orders.stop();
  await front.stop();
  await world.stop();
});

async function administrator(scope = 'orders:read orders:write tenant:any') {
  const [{ id }, bearer] = [await world.tenant(), await world.issuer.sign({ claims: { aud: 'gateway', scope } })];
  const send = async (method: 'GET' | 'PUT' | 'POST', url: string, { body, ifMatch }: { body?: unknown; ifMatch?: string | undefined } = {}) => {
    const answer = await world.service.app.inject({
      method, url,
      headers: {
        authorization: `Bearer ${bearer}`, 'x-crossdock-tenant': id, ...(ifMatch !== undefined && { 'if-match': ifMatch }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, body: answer.json<unknown>(), etag: z.string().optional().parse(answer.headers.etag) };
  };
  return {
    send,
    read: async (): Promise<Machine & { etag: string | undefined }> => {
      const { body, etag } = await send('GET', path);
      return { ...machineSchema.parse(body), etag };
    },
  };
}

/** A definition in which the shop has a word more. */
function withWord({ definition }: Machine, word: string): unknown {
  const changed = structuredClone(definition);
  changed.states['processing']?.shop.push(word);
  return changed;
}

describe('the state machine of a tenant’s orders', () => {
  it('is the default at first, with its picture, and a saved one holds from then on', async () => {
    const { read, send } = await administrator();
    const first = await read();
    expect(first).toMatchObject({ version: 0, versions: [], etag: '"order-machine-0"' });
    expect(first.diagram).toContain('processing --> shipped');

    const saved = await send('PUT', path, { body: withWord(first, 'wrapped'), ifMatch: first.etag });
    expect(saved).toMatchObject({ status: 200, etag: '"order-machine-1"', body: { version: 1, versions: [{ version: 1, isActive: true }] } });
    expect((await read()).definition.states['processing']?.shop).toContain('wrapped');
  });

  it('is not changed by the second of two administrators who saw the same, who is told, nor by one who does not say what he saw', async () => {
    const { read, send } = await administrator();
    const seen = await read();
    const both = await Promise.all(['wrapped', 'boxed'].map((word) => send('PUT', path, { body: withWord(seen, word), ifMatch: seen.etag })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect(await send('PUT', path, { body: withWord(seen, 'taped') })).toMatchObject({ status: 428 });
    expect(await send('PUT', path, { body: withWord(seen, 'taped'), ifMatch: '*' })).toMatchObject({ status: 428 });
    expect((await read()).version).toBe(1);
  });

  it('is refused with every fault, and what saving would say can be asked before', async () => {
    const { read, send } = await administrator();
    const seen = await read();
    const faulty = structuredClone(seen.definition);
    delete faulty.states['shipped'];
    const refused = await send('PUT', path, { body: faulty, ifMatch: seen.etag });
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid' } });
    const { errors } = z.object({ errors: z.array(z.object({ pointer: z.string(), detail: z.string() })) }).parse(refused.body);
    expect(errors).toEqual(expect.arrayContaining([
      { pointer: '/unknown/shop', detail: expect.stringContaining('"shipped" has no meaning') },
      { pointer: expect.stringMatching(/^\/transitions\/\d+$/), detail: 'There is no state shipped.' },
    ]));
    expect(await send('POST', `${path}/check`, { body: faulty })).toMatchObject({ status: 200, body: { problems: expect.arrayContaining([expect.objectContaining({ pointer: '/unknown/shop' })]) } });
    expect(await send('PUT', path, { body: { states: 1 }, ifMatch: seen.etag })).toMatchObject({ status: 422 });
    expect((await read()).version).toBe(0);
  });

  it('goes back to an older version, and to the default, and keeps all versions', async () => {
    const { read, send } = await administrator();
    const first = await read();
    await send('PUT', path, { body: withWord(first, 'wrapped'), ifMatch: first.etag });
    await send('PUT', path, { body: withWord(first, 'boxed'), ifMatch: (await read()).etag });
    const back = await send('POST', `${path}/roll-back`, { body: { version: 1 }, ifMatch: (await read()).etag });
    expect(back).toMatchObject({ status: 200, etag: '"order-machine-1"', body: { version: 1, versions: [{ version: 2, isActive: false }, { version: 1, isActive: true }] } });
    expect((await read()).definition.states['processing']?.shop).toContain('wrapped');
    expect(await send('POST', `${path}/roll-back`, { body: { version: 7 }, ifMatch: '"order-machine-1"' })).toMatchObject({ status: 404 });
    expect(await send('POST', `${path}/roll-back`, { body: { version: 0 }, ifMatch: '"order-machine-1"' })).toMatchObject({ status: 200 });
    expect(await read()).toMatchObject({ version: 0, definition: first.definition });
  });

  it('is the tenant’s own, and is changed by nobody without the scope', async () => {
    const [one, other, reader] = [await administrator(), await administrator(), await administrator('orders:read tenant:any')];
    const seen = await one.read();
    await one.send('PUT', path, { body: withWord(seen, 'wrapped'), ifMatch: seen.etag });
    expect((await other.read()).version).toBe(0);
    expect(await reader.send('PUT', path, { body: withWord(seen, 'wrapped'), ifMatch: seen.etag })).toMatchObject({ status: 403 });
  });
});
