import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox } from '@crossdock/sandbox';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { PipedriveConnector } from './pipedrive.connector.ts';

/** A company that has not been set up. */
async function buildWorld() {
  const sandbox = await startSandbox({ port: 0 });
  const control = new SandboxControl(sandbox.url);
  const { domain, companyId, apiDomain, accessToken } = await control.createPipedriveCompany();
  const http = new OutboundHttp({ metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true });
  const connection: Connection = {
    id: randomUUID(), tenantId: randomUUID(), vendor: 'pipedrive', accountId: String(companyId), settings: {}, endpoint: apiDomain, state: 'healthy', stateSince: new Date(),
  };
  const tokens = { get: async () => accessToken, refreshAfter401: async () => accessToken };
  return {
    control, domain, connection,
    connector: new PipedriveConnector({ http, tokens }),
    stop: async () => {
      await http.close();
      await sandbox.stop();
    },
  };
}

describe('a Pipedrive company', () => {
  const signal = AbortSignal.timeout(60_000);

  it('says what the company allows, down to nothing at all', async () => {
    const world = await buildWorld();
    const probe = () => world.connector.probeCapabilities(world.connection, signal);
    const available = async () => (await probe()).capabilities.filter((capability) => capability.available).map(({ name }) => name);
    expect(await available()).toEqual(['api', 'read_records', 'create_fields', 'change_notices']);
    await world.connector.setUp(world.connection, signal);
    expect(await probe()).toMatchObject({ mode: 'full', capabilities: expect.arrayContaining([expect.objectContaining({ name: 'key_field', available: true })]) });
    await world.control.addFault('pipedrive', { kind: 'status', status: 403, pathPattern: '/webhooks', times: 1 });
    expect(await available()).not.toContain('change_notices');
    await world.control.addFault('pipedrive', { kind: 'status', status: 402, pathPattern: '/users/me', times: 1 });
    expect(await probe()).toMatchObject({ mode: 'none' });
    await world.control.addFault('pipedrive', { kind: 'status', status: 503, times: 1 });
    await expect(probe()).rejects.toMatchObject({ kind: 'transient' });
    await world.stop();
  });

  it('has the company tell of persons, organisations and deals to one address, once each, with the newest password', async () => {
    const world = await buildWorld();
    const url = 'https://hub.example/webhooks/pipedrive/7f3c1f64-2a3e-4a51-9a77-0d9f2f6f5a10';
    const subscribe = (secret: string) => world.connector.subscribe(world.connection, { url, secret }, signal);
    for (const secret of ['old', 'old', 'new']) expect(await subscribe(secret)).toEqual({ kind: 'account' });
    expect(await world.control.pipedriveRecords(world.domain, 'webhooks')).toMatchObject(
      ['person', 'organization', 'deal'].map((object) => ({ url, user: 'crossdock', password: 'new', object, action: '*' })),
    );
    await world.control.addFault('pipedrive', { kind: 'status', status: 403, pathPattern: '/webhooks', times: 1 });
    expect(await subscribe('new')).toMatchObject({ kind: 'none' });
    await world.stop();
  });

  it('makes its fields once, and names all that a person has to make where it may not', async () => {
    const world = await buildWorld();
    await world.control.addFault('pipedrive', { kind: 'status', status: 403, pathPattern: '^POST .*Fields', times: 8 });
    await expect(world.connector.setUp(world.connection, signal)).rejects.toMatchObject({
      kind: 'forbidden', message: expect.stringMatching(/order status” of deals.*order lines” of deals.*order source” of deals.*sample request” of deals.*sample status” of deals.*of persons.*of organizations/s),
    });
    await world.connector.setUp(world.connection, signal);
    await world.control.addFault('pipedrive', { kind: 'status', status: 403, pathPattern: '^POST .*Fields' });
    await world.connector.setUp(world.connection, signal);
    const probe = await world.connector.probeCapabilities(world.connection, signal);
    expect(probe.capabilities).toContainEqual(expect.objectContaining({ name: 'key_field', available: true }));
    await world.stop();
  });
});
