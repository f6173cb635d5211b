import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Connection } from 'jsforce';
import { StreamingExtension } from 'jsforce/lib/api/streaming.js';
import type { SalesforceOrgCreated, SalesforceOrgInput } from '../control/salesforce-control.schema.ts';
import { startSandboxBench, type SandboxBench } from '../sandbox-bench.fixture.ts';

let bench: SandboxBench;

beforeAll(async () => {
  bench = await startSandboxBench();
});
afterAll(() => bench.stop());

const channel = '/data/ChangeEvents';

interface Told {
  payload: { ChangeEventHeader: { entityName: string; changeType: string; recordIds: string[] } } & Record<string, unknown>;
  event: { replayId: number };
}

async function org(input: SalesforceOrgInput = {}): Promise<SalesforceOrgCreated> {
  const made = await bench.control.createSalesforceOrg(input);
  await bench.control.changeSalesforceOrg(made.orgId, { changeEventTypes: ['Contact', 'Account'] });
  return made;
}

/** Bayeux messages as they go over the wire. */
async function speak({ instanceUrl, accessToken }: SalesforceOrgCreated, message: object, cookie = ''): Promise<{ answers: Record<string, unknown>[]; cookie: string }> {
  const response = await fetch(`${instanceUrl}/cometd/67.0`, {
    method: 'POST', headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json', cookie }, body: JSON.stringify([message]),
  });
  return { answers: (await response.json()) as Record<string, unknown>[], cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie };
}

const handshake = { channel: '/meta/handshake', version: '1.0', supportedConnectionTypes: ['long-polling'] };

async function listener(made: SalesforceOrgCreated, replayFrom = -1) {
  const { answers: [welcome], cookie } = await speak(made, handshake);
  const clientId = String(welcome?.['clientId']);
  const say = async (message: object): Promise<Record<string, unknown>[]> => (await speak(made, { clientId, ...message }, cookie)).answers;
  const [subscribed] = await say({ channel: '/meta/subscribe', subscription: channel, ext: { replay: { [channel]: replayFrom } } });
  return { clientId, cookie, subscribed, connect: () => say({ channel: '/meta/connect', connectionType: 'long-polling' }) };
}

describe('change events of Salesforce', () => {
  it('reach the vendor’s own client, from the id that it names, of the types that were selected', async () => {
    const made = await org();
    const [contactId = ''] = await bench.control.addSalesforceRecords(made.orgId, 'Contact', [{ LastName: 'Muster' }]);
    await bench.control.addSalesforceRecords(made.orgId, 'Opportunity', [{ Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-12-01' }]);
    const { streaming } = new Connection({ instanceUrl: made.instanceUrl, accessToken: made.accessToken, version: '67.0' });
    const client = streaming.createClient([new StreamingExtension.Replay(channel, -2)]);
    const told: Told[] = [];
    await client.subscribe(channel, (event: Told) => told.push(event));
    while (told.length < 1) await wait(10);
    await bench.control.editSalesforceRecord(made.orgId, 'Contact', contactId, { FirstName: 'Anna' });
    await bench.control.deleteSalesforceRecord(made.orgId, 'Contact', contactId);
    while (told.length < 3) await wait(10);
    // Its types leave this out; without it the client would go on knocking.
    const disconnect: unknown = Reflect.get(client, 'disconnect');
    if (typeof disconnect === 'function') Reflect.apply(disconnect, client, []);
    expect(told.map(({ payload: { ChangeEventHeader: { entityName, changeType, recordIds } } }) => [entityName, changeType, recordIds])).toEqual([
      ['Contact', 'CREATE', [contactId]], ['Contact', 'UPDATE', [contactId]], ['Contact', 'DELETE', [contactId]],
    ]);
    expect(told[1]?.payload).toMatchObject({ FirstName: 'Anna' });
  });

  it('wait in the answer to who listens, cost no call, and are answered empty when nothing happens', async () => {
    const made = await org({ streamTimeoutMs: 50, dailyApiRequests: 0 });
    const { connect, subscribed } = await listener(made);
    expect(subscribed).toMatchObject({ successful: true, subscription: channel });
    expect(await connect()).toMatchObject([{ channel: '/meta/connect', successful: true, advice: { reconnect: 'retry' } }]);
    expect(await bench.control.salesforceStreams(made.orgId)).toBe(1);
  });

  it('are refused from an id that is too old, and to a client without its cookie', async () => {
    const made = await org();
    const { connect, cookie, clientId } = await listener(made);
    await bench.control.addSalesforceRecords(made.orgId, 'Contact', [{ LastName: 'Muster' }]);
    const [event] = await connect();
    await bench.control.forgetSalesforceEvents(made.orgId);
    const { subscribed } = await listener(made, (event as unknown as { data: Told }).data.event.replayId);
    expect(subscribed).toMatchObject({ successful: false, error: expect.stringMatching(/^400::The replayId \{\d+\} you provided was invalid/) });
    expect((await speak(made, { channel: '/meta/connect', connectionType: 'long-polling', clientId }, '')).answers).toMatchObject([{ error: expect.stringMatching(/^400::Client/) }]);
    expect(cookie).toMatch(/^BAYEUX_BROWSER=/);
  });

  it('end with the session, with the client and with the day’s events, each in its own words', async () => {
    const made = await org();
    const ended = await listener(made);
    const waiting = ended.connect();
    await bench.control.addFault('salesforce', { kind: 'expire-token', account: made.orgId });
    expect(await waiting).toMatchObject([{ error: '401::Authentication invalid', advice: { reconnect: 'none' } }]);
    expect((await speak(made, handshake)).answers).toMatchObject([{ error: '403::Handshake denied', ext: { sfdc: { failureReason: '401::Authentication invalid' } } }]);

    const other = await org();
    const forgotten = await listener(other);
    const silent = forgotten.connect();
    await bench.control.endSalesforceStreams(other.orgId);
    expect(await silent).toMatchObject([{ error: '403::Unknown client', advice: { reconnect: 'handshake' } }]);
    await bench.control.changeSalesforceOrg(other.orgId, { changeEventDelivery: false });
    expect(await (await listener(other)).connect()).toMatchObject([{ error: '403::Organization total events daily limit exceeded' }]);
  });

  it('name no fields of a change that the org cannot tell, and no record of too many', async () => {
    const made = await org();
    const { connect } = await listener(made);
    await bench.control.tellSalesforceGap(made.orgId, 'Account', ['001ak0000001001AAA']);
    await bench.control.tellSalesforceGap(made.orgId, 'Account', []);
    const events = (await connect()).filter((answer) => answer['channel'] === channel);
    expect(events).toMatchObject([
      { data: { payload: { ChangeEventHeader: { changeType: 'GAP_UPDATE', recordIds: ['001ak0000001001AAA'] } } } },
      { data: { payload: { ChangeEventHeader: { changeType: 'GAP_OVERFLOW', recordIds: ['000000000000000AAA'] } } } },
    ]);
  });
});
