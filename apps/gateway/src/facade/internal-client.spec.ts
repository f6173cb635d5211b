import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeProblem } from '@crossdock/service-kit';
import { ServiceTokenClient } from '@crossdock/service-tokens';
import { newKey, startIssuer, type IssuerFixture } from '@crossdock/service-tokens/issuer.fixture';
import { tenantContext } from '@crossdock/tenancy';
import { InternalClient } from './internal-client.ts';

const scope = { tenantId: '018f3f5e-7c1a-7d1e-9a55-000000000001', correlationId: '018f3f5e-7c1a-7d1e-9a55-000000000002' };

let issuer: IssuerFixture;
let service: Server;
let client: InternalClient;
/** How many of the next requests end with their connection. */
let cut: number;
let asked: string[];
/** What the service refuses with, where it does. */
let refusal: { readonly status: number; readonly body: object } | undefined;

beforeEach(async () => {
  [cut, asked, refusal] = [0, [], undefined];
  issuer = await startIssuer();
  const token = await issuer.sign();
  issuer.tokenEndpoint = () => ({ status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: 600 } });
  service = createServer((request, response) => {
    asked.push(request.method ?? '');
    cut -= 1;
    if (cut >= 0) request.socket.destroy();
    else response.writeHead(refusal?.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(refusal?.body ?? { items: [] }));
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  const address = service.address();
  if (address === null || typeof address === 'string') throw new Error('The service has no port.');
  client = new InternalClient(new ServiceTokenClient({ issuerUrl: issuer.url, clientId: 'gateway', privateJwk: await newKey('gateway') }), { orders: `http://127.0.0.1:${address.port}` });
});

afterEach(async () => {
  await client.onApplicationShutdown();
  service.close();
  await issuer.stop();
});

const call = (method: 'GET' | 'POST'): Promise<unknown> => tenantContext.run(scope, () => client.call('orders', { method, path: '/v1/orders', ...(method === 'POST' && { body: {} }) }));

describe('a call whose connection ends before the answer, as those of a process that leaves', () => {
  it('is made again where it reads', async () => {
    cut = 1;
    expect(await call('GET')).toEqual({ items: [] });
    expect(asked).toEqual(['GET', 'GET']);
  });

  it('is made again once alone', async () => {
    cut = 2;
    await expect(call('GET')).rejects.toMatchObject({ kind: 'transient', message: 'The orders service does not answer; try again.' });
    expect(asked).toEqual(['GET', 'GET']);
  });

  it('is not made again where it may have changed something', async () => {
    cut = 1;
    await expect(call('POST')).rejects.toMatchObject({ kind: 'transient' });
    expect(asked).toEqual(['POST']);
  });
});

describe('a call that the service refuses', () => {
  it('is refused with the fields that the service finds wrong', async () => {
    refusal = { status: 422, body: { status: 422, code: 'invalid', title: 'The request is not valid', detail: 'Some fields are missing or wrong; see errors.', errors: [{ pointer: '/name', detail: 'Too small' }] } };
    const thrown: unknown = await call('POST').catch((error: unknown) => error);
    expect(describeProblem(thrown)).toMatchObject({ status: 422, code: 'invalid', errors: [{ pointer: '/name', detail: 'Too small' }] });
  });

  it('is refused with the field that the service names in its sentence, which is not said twice', async () => {
    const detail = 'There is a sync named Tea already.';
    refusal = { status: 409, body: { status: 409, code: 'conflict', title: 'The request conflicts with the present state', detail, errors: [{ pointer: '/name', detail }] } };
    const thrown: unknown = await call('POST').catch((error: unknown) => error);
    expect(describeProblem(thrown)).toEqual({ status: 409, code: 'conflict', title: 'The request conflicts with the present state', detail, errors: [{ pointer: '/name', detail }] });
  });

  it('is refused with the records that may be meant, and nothing else of what the service says', async () => {
    const candidates = ['hubspot/deal/5', 'zoho/deal/5'];
    refusal = { status: 422, body: { status: 422, code: 'invalid', title: 'The request is not valid', detail: '5 stands for several records.', candidates, inner: 'stays here' } };
    const thrown: unknown = await call('GET').catch((error: unknown) => error);
    expect(describeProblem(thrown)).toEqual({ status: 422, code: 'invalid', title: 'The request is not valid', detail: '5 stands for several records.', candidates });
  });
});
