import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Connection } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import type { RecordWrite } from '@crossdock/crm-connector';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { DynamicsAuthorisation } from './dynamics.authorisation.ts';
import { DynamicsConnector } from './dynamics.connector.ts';
import { parseDynamicsWebhook } from './dynamics.webhooks.ts';

type EnvironmentInput = Parameters<SandboxControl['createDynamicsEnvironment']>[0];
interface Received { readonly headers: IncomingHttpHeaders; readonly touch: ReturnType<typeof parseDynamicsWebhook>[number] | undefined }

let sandbox: Sandbox;
let control: SandboxControl;
let http: OutboundHttp;
let receiver: Server;
const received: Received[] = [];
const signal = AbortSignal.timeout(60_000);

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
  control = new SandboxControl(sandbox.url);
  http = new OutboundHttp({ metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true });
  receiver = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ headers: request.headers, touch: parseDynamicsWebhook(Buffer.from(body))[0] });
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise((resolve) => receiver.close(resolve));
  await http.close();
  await sandbox.stop();
});

async function connected(input: EnvironmentInput = {}) {
  const environment = await control.createDynamicsEnvironment(input);
  const { orgId, accessToken, refreshToken } = environment;
  const tokens = { get: async () => accessToken, refreshAfter401: async () => accessToken };
  const connection: Connection = {
    id: randomUUID(), tenantId: randomUUID(), vendor: 'dynamics', accountId: orgId, settings: {}, endpoint: environment.environmentUrl, state: 'healthy', stateSince: new Date(),
  };
  const connector = new DynamicsConnector({ http, tokens });
  const authorisation = new DynamicsAuthorisation(http, {
    dynamicsLoginUrl: `${sandbox.url}/dynamics`, dynamicsEnvironmentDomains: ['127.0.0.1'], dynamicsClientId: environment.clientId, dynamicsClientSecret: environment.clientSecret,
  });
  const address = receiver.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/${connection.id}`;
  return {
    orgId,
    setUp: () => connector.setUp(connection, signal),
    probe: () => connector.probeCapabilities(connection, signal),
    subscribe: (secret: string) => connector.subscribe(connection, { url, secret }, signal),
    revoke: () => authorisation.revoke(connection, { access_token: accessToken, refresh_token: refreshToken }, signal),
    write: async (wanted: RecordWrite) => {
      const [result] = await connector.write(connection, await connector.describe(connection, 'deal', signal), [wanted], signal);
      if (result === undefined || result instanceof Failure) throw result ?? new Error('The record got no result.');
      return result.id;
    },
    keysOf: async (table: string): Promise<unknown> => {
      const answer = await fetch(`${environment.environmentUrl}/api/data/v9.2/EntityDefinitions(LogicalName='${table}')/Keys`, { headers: { authorization: `Bearer ${accessToken}` } });
      return await answer.json();
    },
    steps: () => control.dynamicsRows(orgId, 'sdkmessageprocessingsteps'),
    endpoints: () => control.dynamicsRows(orgId, 'serviceendpoints'),
    told: async (count: number): Promise<Received[]> => {
      await control.waitUntilSettled();
      expect(received.filter(({ touch }) => touch?.organizationId === orgId)).toHaveLength(count);
      return received.filter(({ touch }) => touch?.organizationId === orgId);
    },
  };
}

const deal: RecordWrite = {
  target: { key: 'order/1' }, fields: { name: 'Order 1', estimatedvalue: { amountMinor: 12_935, currency: 'EUR' }, xdock_orderstatus: 'processing' },
};

describe('the columns of the hub in a Dynamics environment', () => {
  it('are made once with their keys however often that is asked for, and keep where an order stands', async () => {
    const { orgId, setUp, write, keysOf, probe } = await connected();
    for (let times = 0; times < 2; times += 1) await setUp();
    for (const table of ['account', 'contact', 'opportunity']) expect(await keysOf(table)).toMatchObject({ value: [{ KeyAttributes: ['xdock_externalkey'] }] });
    expect((await probe()).capabilities.filter(({ available }) => !available)).toEqual([]);
    await write(deal);
    expect(await control.dynamicsRows(orgId, 'opportunities')).toMatchObject([{ xdock_orderstatus: 'processing', xdock_externalkey: 'order/1' }]);
  });

  it('do not wait until the index of a key is made', async () => {
    const { setUp, write } = await connected({ keyIndexStatus: 'Pending' });
    await setUp();
    await expect(write(deal)).resolves.toEqual(expect.any(String));
  });

  it('are made to the end after Dynamics was away in the middle', async () => {
    const { setUp, probe } = await connected();
    await control.addFault('dynamics', { kind: 'status', status: 503, pathPattern: 'POST .*Keys', times: 5 });
    await expect(setUp()).rejects.toMatchObject({ kind: 'transient' });
    await control.clearFaults('dynamics');
    await setUp();
    expect((await probe()).mode).toBe('full');
  });

  it.each<readonly [string, EnvironmentInput, RegExp]>([
    ['may not be made', { withheldPrivileges: ['prvCreateAttribute'] }, /xdock_ExternalKey of account, .*of contact, .*of opportunity, xdock_OrderStatus of opportunity, xdock_LineItems of opportunity, xdock_OrderSource of opportunity, xdock_SampleRequest of opportunity, xdock_SampleStatus of opportunity/],
    ['may not be made unique', { withheldPrivileges: ['prvCreateEntityKey'] }, /alternate key on xdock_externalkey of account.*of contact.*of opportunity/],
    ['hold equal values', { keyIndexStatus: 'Failed' }, /rows share a value/],
  ])('are named to the administrator where they %s', async (_case, input, message) => {
    const { setUp } = await connected(input);
    await expect(setUp()).rejects.toMatchObject({ kind: 'forbidden', message: expect.stringMatching(message) });
  });

  it.each([
    ['full', []], ['light', ['prvCreateAttribute']], ['read_only', ['prvWriteOpportunity']], ['read_only', ['prvCreateAccount']], ['none', ['prvReadContact']], ['none', ['prvReadAccount']],
  ] as const)('are part of what the environment allows: %s without the privileges %j', async (mode, withheld) => {
    const { probe } = await connected({ withheldPrivileges: [...withheld] });
    expect(await probe()).toMatchObject({ mode, capabilities: expect.arrayContaining([expect.objectContaining({ name: 'key_field', available: false })]) });
    await control.addFault('dynamics', { kind: 'status', status: 403, pathPattern: 'WhoAmI' });
    expect(await probe()).toMatchObject({ mode: 'none' });
    await control.addFault('dynamics', { kind: 'status', status: 503 });
    await expect(probe()).rejects.toMatchObject({ kind: 'transient' });
    await control.clearFaults('dynamics');
  });
});

describe('what a Dynamics environment tells of', () => {
  it('is what becomes of opportunities, contacts and accounts, told once with the key of the connection', async () => {
    const { orgId, subscribe, told, steps, endpoints } = await connected();
    expect(await subscribe('first key')).toEqual({ kind: 'account' });
    expect(await subscribe('second key')).toEqual({ kind: 'account' });
    expect([(await endpoints()).length, (await steps()).length]).toEqual([1, 13]);
    const account = await control.addDynamicsRow(orgId, 'accounts', { name: 'Muster' });
    const contact = await control.addDynamicsRow(orgId, 'contacts', { lastname: 'Muster' });
    const opportunity = await control.addDynamicsRow(orgId, 'opportunities', { name: 'Order 1' });
    await control.editDynamicsRow(orgId, 'opportunities', String(opportunity['opportunityid']), { name: 'Order 2' });
    await control.deleteDynamicsRow(orgId, 'contacts', String(contact['contactid']));
    const messages = await told(5);
    expect(messages.map(({ touch }) => [touch?.object, touch?.change, touch?.externalId])).toEqual(expect.arrayContaining([
      ['company', 'created', account['accountid']], ['contact', 'created', contact['contactid']], ['deal', 'created', opportunity['opportunityid']],
      ['deal', 'changed', opportunity['opportunityid']], ['contact', 'deleted', contact['contactid']],
    ]));
    expect(new Set(messages.map(({ headers }) => headers['x-crossdock-key']))).toEqual(new Set(['second key']));
  });

  it('is told again after somebody switched a step off or deleted one', async () => {
    const { orgId, subscribe, steps } = await connected();
    await subscribe('key');
    const [first, second] = await steps();
    await control.editDynamicsRow(orgId, 'sdkmessageprocessingsteps', String(first?.['sdkmessageprocessingstepid']), { statecode: 1, statuscode: 2 });
    await control.deleteDynamicsRow(orgId, 'sdkmessageprocessingsteps', String(second?.['sdkmessageprocessingstepid']));
    await subscribe('key');
    expect((await steps()).map(({ statecode }) => statecode)).toEqual(Array.from({ length: 13 }, () => 0));
  });

  it('is told to nobody once the connection is ended, however often that is done', async () => {
    const { orgId, subscribe, revoke, steps, endpoints, told } = await connected();
    await subscribe('key');
    for (let times = 0; times < 2; times += 1) expect(await revoke()).toBe('not_offered');
    expect([await endpoints(), await steps()]).toEqual([[], []]);
    await control.addDynamicsRow(orgId, 'opportunities', { name: 'Order 1' });
    await told(0);
  });

  it('is not heard of where the user may not register that, which the probe says as well', async () => {
    const { subscribe, probe } = await connected({ withheldPrivileges: ['prvCreateServiceEndpoint'] });
    expect(await subscribe('key')).toMatchObject({ kind: 'none', reason: expect.stringMatching(/until an administrator allows it\.$/) });
    expect((await probe()).capabilities).toContainEqual(expect.objectContaining({ name: 'change_notices', available: false }));
  });
});
