import { randomBytes, randomInt } from 'node:crypto';
import type { SandboxControl } from '@crossdock/sandbox';
import { eventually } from '@crossdock/test-stack';
import type { GatewayApi } from '../../infra/journey/gateway-api.ts';
import type { RunningSystem } from '../../infra/running-system.ts';

const setUpDeadlineMs = 60_000;
const inStepDeadlineMs = 120_000;

/** A person's ids in both accounts. */
export interface Person {
  readonly hubSpotId: string;
  readonly salesforceId: string;
}

/** The same people in a HubSpot portal and a Salesforce organisation, in one order. */
export interface TwoAccounts {
  readonly portalId: number;
  readonly orgId: string;
  readonly instanceUrl: string;
  readonly accessToken: string;
  readonly people: readonly Person[];
}

/** A tenant with so many contacts in HubSpot, and a sync that has brought them to Salesforce; HubSpot tells of changes by webhook. */
export async function twoAccountsInStep(
  system: RunningSystem, { gateway, control, contacts }: { readonly gateway: GatewayApi; readonly control: SandboxControl; readonly contacts: number },
): Promise<TwoAccounts> {
  const tenantId = await gateway.createTenant(`bench-${randomBytes(6).toString('hex')}`, 'Benchmark');
  const { HUBSPOT_CLIENT_ID: clientId, HUBSPOT_CLIENT_SECRET: clientSecret } = system.settingsOf('crm-hubspot');
  const portal = await control.createHubSpotPortal({ portalId: randomInt(10_000_000, 99_999_999), webhookTargetUrl: `${system.gatewayUrl}/webhooks/hubspot`, clientId, clientSecret });
  const { SALESFORCE_CLIENT_ID, SALESFORCE_CLIENT_SECRET } = system.settingsOf('crm-salesforce');
  const org = await control.createSalesforceOrg({ clientId: SALESFORCE_CLIENT_ID, clientSecret: SALESFORCE_CLIENT_SECRET });
  const connectionIds = [
    await gateway.createConnection(tenantId, {
      vendor: 'hubspot', accountId: String(portal.portalId), credentials: { access_token: portal.accessToken, refresh_token: portal.refreshToken },
    }),
    await gateway.createConnection(tenantId, {
      vendor: 'salesforce', accountId: org.orgId, endpoint: org.instanceUrl, settings: { companyCurrency: 'EUR' },
      credentials: { access_token: org.accessToken, refresh_token: org.refreshToken },
    }),
  ];
  for (const id of connectionIds) await eventually('an account to be set up', () => gateway.isSetUp(tenantId, id).catch(() => false), setUpDeadlineMs);
  await control.importHubSpotRecords(portal.portalId, 'contacts', Array.from({ length: contacts }, (_, index) => ({
    properties: { email: `person${index}@example.com`, firstname: 'Anna', lastname: `Muster ${index}` },
  })));
  await gateway.createSync(tenantId, {
    name: 'contacts', object: 'contact', pollEverySeconds: 10, sides: connectionIds.map((connectionId) => ({ connectionId, reads: true, writes: true })),
  });
  const there = await eventually('all contacts in Salesforce', async () => {
    const found = await control.salesforceRecords(org.orgId, 'Contact');
    return found.length === contacts && found;
  }, inStepDeadlineMs);
  const salesforceIds = new Map(there.map((record) => [String(record['Email']), String(record['Id'])]));
  const people = (await control.hubSpotRecords(portal.portalId, 'contacts'))
    .map(({ id, properties }) => ({ hubSpotId: id, salesforceId: salesforceIds.get(String(properties['email'])) ?? '' }));
  return { portalId: portal.portalId, orgId: org.orgId, instanceUrl: org.instanceUrl, accessToken: org.accessToken, people };
}
