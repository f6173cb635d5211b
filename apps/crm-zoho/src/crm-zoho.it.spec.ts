import { randomUUID } from 'node:crypto';
import type { RequestedRecord } from '@crossdock/contracts';
import { CrmServiceWorld, RecordTenant } from '@crossdock/crm-service/crm-service.fixture';
import { describeRecordService } from '@crossdock/crm-service/record-service.conformance';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crmZohoDefinition } from './crm-zoho.definition.ts';

const app = { clientId: randomUUID(), clientSecret: randomUUID() };
let world: CrmServiceWorld;

beforeAll(async () => {
  world = await CrmServiceWorld.start('zoho', crmZohoDefinition, (sandboxUrl) => ({
    publicUrl: 'https://hub.example', zohoAccountsUrl: `${sandboxUrl}/zoho/accounts/{location}`, zohoClientId: app.clientId, zohoClientSecret: app.clientSecret,
  }));
});

afterAll(() => world.stop(), 60_000);

/** A tenant whose Zoho organisation is connected, in the data centre of India. */
async function tenant() {
  const { orgId, apiUrl, ...tokens } = await world.control.createZohoOrg({ ...app, location: 'in' });
  const shop = await world.tenant({ accountId: orgId, settings: { location: 'in', apiDomain: apiUrl, companyCurrency: 'EUR' }, tokens });
  await shop.connected();
  return { shop, orgId };
}

const aContact = (email: string): RequestedRecord => ({ object: 'contact', fields: { email, lastName: 'Muster' } });

describe('the Zoho service', () => {
  it('makes the field for its keys and upserts contact and deal, once however often they are asked for', async () => {
    const { shop, orgId } = await tenant();
    const deal: RequestedRecord = {
      object: 'deal', externalKey: 'order/1001', contactIds: [],
      fields: { name: 'Order 1001', status: 'open', amount: { amountMinor: 12_935, currency: 'EUR' } },
    };
    for (const record of [aContact('Anna@Example.com'), deal]) {
      const first = await shop.upsert(record);
      expect(first).toMatchObject({ outcome: 'upserted', created: true });
      expect(await shop.upsert(record)).toMatchObject({ ...first, created: false, modifiedAt: expect.any(String) });
    }
    expect(await world.control.zohoRecords(orgId, 'Contacts')).toMatchObject([{ Email: 'anna@example.com', Last_Name: 'Muster' }]);
    expect(await world.control.zohoRecords(orgId, 'Deals')).toMatchObject([{ Crossdock_Key: 'order/1001', Deal_Name: 'Order 1001', Stage: 'Qualification', Amount: 129.35 }]);
  });

  it('opens a channel of notifications with a token of the connection’s own', async () => {
    const [{ shop, orgId }, other] = await Promise.all([tenant(), tenant()]);
    const channelsOf = (id: string) => eventually('the channel to be open', async () => {
      const channels = await world.control.zohoChannels(id);
      return channels.length > 0 ? channels : undefined;
    });
    const [[channel], [another]] = await Promise.all([channelsOf(orgId), channelsOf(other.orgId)]);
    expect(channel).toMatchObject({ events: ['Contacts.all', 'Accounts.all', 'Deals.all'], notifyUrl: `https://hub.example/webhooks/zoho/${shop.connection.id}`, token: expect.stringMatching(/^[\w-]{32,50}$/) });
    expect([channel?.token === another?.token, channel?.channelId === another?.channelId]).toEqual([false, false]);
  });

  it('renews a token that has run out, at the organisation’s own data centre', async () => {
    const { shop, orgId } = await tenant();
    for (const email of ['first@example.com', 'second@example.com']) {
      await world.control.addFault('zoho', { kind: 'expire-token', account: orgId });
      expect(await shop.upsert(aContact(email))).toMatchObject({ outcome: 'upserted', created: true });
    }
  });
});

describeRecordService('Zoho', async () => new RecordTenant(world, (await tenant()).shop));
