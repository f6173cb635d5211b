import { randomUUID } from 'node:crypto';
import type { ConnectionState, RequestedRecord } from '@crossdock/contracts';
import { CrmServiceWorld, RecordTenant } from '@crossdock/crm-service/crm-service.fixture';
import { describeRecordService } from '@crossdock/crm-service/record-service.conformance';
import type { SandboxControl } from '@crossdock/sandbox';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crmSalesforceDefinition } from './crm-salesforce.definition.ts';

const app = { clientId: randomUUID(), clientSecret: randomUUID() };
let world: CrmServiceWorld;

beforeAll(async () => {
  world = await CrmServiceWorld.start('salesforce', crmSalesforceDefinition, (sandboxUrl) => ({
    salesforceLoginUrl: `${sandboxUrl}/salesforce`, salesforceClientId: app.clientId, salesforceClientSecret: app.clientSecret,
  }));
});

afterAll(() => world.stop(), 60_000);

/** A tenant whose Salesforce organisation is connected, with refresh tokens that work once. */
async function tenant(abilities: Parameters<SandboxControl['changeSalesforceOrg']>[1] = {}, state?: ConnectionState) {
  const { orgId, instanceUrl, accessToken, refreshToken } = await world.control.createSalesforceOrg({ ...app, rotateRefreshTokens: true });
  await world.control.changeSalesforceOrg(orgId, abilities);
  const shop = await world.tenant({
    accountId: orgId, endpoint: instanceUrl, settings: { companyCurrency: 'EUR' }, tokens: { accessToken, refreshToken },
  });
  await shop.connected(state);
  async function mode(): Promise<string | undefined> {
    const [row] = await world.admin.query<Array<{ mode: string }>>(
      `SELECT capabilities ->> 'mode' AS mode FROM connections.connection WHERE id = $1`, [shop.connection.id],
    );
    return row?.mode;
  }
  return { shop, orgId, mode, reason: async () => (await shop.current())?.stateReason };
}

describe('the Salesforce service', () => {
  it('upserts contact and opportunity by our external id, once however often they are asked for', async () => {
    const { shop, orgId } = await tenant();
    const contact: RequestedRecord = { object: 'contact', fields: { email: 'Anna@Example.com', lastName: 'Muster' } };
    const deal: RequestedRecord = {
      object: 'deal', externalKey: 'order/1001', contactIds: [],
      fields: { name: 'Order 1001', status: 'open', amount: { amountMinor: 12_935, currency: 'EUR' } },
    };
    for (const record of [contact, deal]) {
      const first = await shop.upsert(record);
      expect(first).toMatchObject({ outcome: 'upserted', created: true });
      expect(await shop.upsert(record)).toMatchObject({ ...first, created: false, modifiedAt: expect.any(String) });
    }
    expect(await world.control.salesforceRecords(orgId, 'Contact')).toMatchObject([{ Email: 'anna@example.com', LastName: 'Muster' }]);
    expect(await world.control.salesforceRecords(orgId, 'Opportunity')).toMatchObject([
      { Crossdock_External_Id__c: 'order/1001', Name: 'Order 1001', StageName: 'Prospecting', Amount: 129.35 },
    ]);
  });

  it('says on the connection what a person has to make in the organisation, or why nothing works', async () => {
    const light = await tenant({ externalIdFields: false, permissions: { modifyMetadata: false, customizeApplication: false } }, 'degraded');
    expect([await light.mode(), await light.reason()]).toEqual(['light', expect.stringContaining('An administrator must create them')]);
    const closed = await tenant({ apiEnabled: false }, 'degraded');
    expect([await closed.mode(), await closed.reason()]).toEqual(['none', expect.stringContaining('API Enabled')]);
  });

  it('asks each week what the organisation allows, and sets it up anew where that changed', async () => {
    const { shop, orgId, mode } = await tenant();
    expect(await mode()).toBe('full');
    await world.control.changeSalesforceOrg(orgId, { objectRights: { Opportunity: { queryable: true, createable: false, updateable: false, deletable: false } } });
    await world.admin.query(`UPDATE connections.connection SET capabilities_at = now() - interval '8 days'`);
    await world.admin.query(`UPDATE schedule SET next_at = now() WHERE name = 'crm-upkeep'`);
    await eventually('the account to be found read only', async () => await mode() === 'read_only');
    await eventually('the connection to say so', async () => (await shop.current())?.state === 'degraded');
  });

  it('renews a session that has run out, twice in a row, with refresh tokens that work once', async () => {
    const { shop, orgId } = await tenant();
    for (const email of ['first@example.com', 'second@example.com']) {
      await world.control.addFault('salesforce', { kind: 'expire-token', account: orgId });
      expect(await shop.upsert({ object: 'contact', fields: { email } })).toMatchObject({ outcome: 'upserted', created: true });
    }
  });

  it('holds up no deal where an administrator takes the field of the order’s status away', async () => {
    const { shop, orgId } = await tenant();
    const deal = (name: string): RequestedRecord => ({ object: 'deal', externalKey: 'order/2', contactIds: [], fields: { name, status: 'open', orderStatus: 'processing' } });
    const first = await shop.upsert(deal('Order 2'));
    await world.control.removeSalesforceField(orgId, 'Opportunity', 'Crossdock_Order_Status__c');
    expect(await shop.upsert(deal('Renamed'))).toMatchObject({ ...first, created: false, modifiedAt: expect.any(String) });
    expect(await world.control.salesforceRecords(orgId, 'Opportunity')).toMatchObject([{ Name: 'Renamed' }]);
  });

  it('says that an amount in another currency was refused', async () => {
    const { shop, orgId } = await tenant();
    expect(await shop.upsert({
      object: 'deal', externalKey: 'order/1', contactIds: [], fields: { name: 'Order 1', status: 'open', amount: { amountMinor: 100, currency: 'USD' } },
    })).toMatchObject({ outcome: 'refused', kind: 'invalid' });
    expect(await world.control.salesforceRecords(orgId, 'Opportunity')).toEqual([]);
  });
});

describeRecordService('Salesforce', async () => new RecordTenant(world, (await tenant()).shop));
