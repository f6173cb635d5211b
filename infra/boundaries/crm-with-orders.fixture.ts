import { orderStatusSchema, type CrmVendor } from '@crossdock/contracts';
import type { SandboxControl } from '@crossdock/sandbox';
import { loadConfig, startService, type RunningService } from '@crossdock/service-kit';
import type { Logger } from 'pino';
import { crmDynamicsDefinition } from '../../apps/crm-dynamics/src/crm-dynamics.definition.ts';
import { crmHubSpotDefinition } from '../../apps/crm-hubspot/src/crm-hubspot.definition.ts';
import { crmPipedriveDefinition } from '../../apps/crm-pipedrive/src/crm-pipedrive.definition.ts';
import { crmSalesforceDefinition } from '../../apps/crm-salesforce/src/crm-salesforce.definition.ts';
import { crmZohoDefinition } from '../../apps/crm-zoho/src/crm-zoho.definition.ts';
import type { ConnectingGateway } from '../../apps/gateway/src/connections/connecting-gateway.fixture.ts';

/** A new account of a CRM, and what connects it. */
interface NewAccount {
  readonly account: string;
  /** What the person on the consent page chooses; nothing where the address says it. */
  readonly consent: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

interface CrmWithOrders {
  readonly start: (environment: Record<string, string>, logger: Logger) => Promise<RunningService>;
  readonly newAccount: (gateway: ConnectingGateway) => Promise<NewAccount>;
  /** A person sets where the order of a deal stands, in the CRM's own pages. */
  readonly setOrderStatus: (control: SandboxControl, account: string, dealId: string, status: string) => Promise<unknown>;
}

/** The services of all CRMs that orders go to, and the people who work there. */
export const crmsWithOrders: Readonly<Record<CrmVendor, CrmWithOrders>> = {
  hubspot: {
    start: (environment, logger) => startService(crmHubSpotDefinition, loadConfig(crmHubSpotDefinition.config, environment), logger),
    newAccount: async ({ control, app, environment }) => {
      const { portalId } = await control.createHubSpotPortal({ ...app, webhookTargetUrl: `${environment['PUBLIC_URL'] ?? ''}/webhooks/hubspot`, searchDelayMs: 0 });
      return { account: String(portalId), consent: { account: String(portalId) } };
    },
    setOrderStatus: (control, account, dealId, status) => control.editHubSpotRecord(Number(account), 'deals', dealId, { properties: { crossdock_order_status: status } }),
  },
  salesforce: {
    start: (environment, logger) => startService(crmSalesforceDefinition, loadConfig(crmSalesforceDefinition.config, environment), logger),
    newAccount: async ({ control, app }) => {
      const { orgId } = await control.createSalesforceOrg(app);
      return { account: orgId, consent: { account: orgId }, settings: { companyCurrency: 'USD' } };
    },
    setOrderStatus: (control, account, dealId, status) => control.editSalesforceRecord(account, 'Opportunity', dealId, { Crossdock_Order_Status__c: status }),
  },
  pipedrive: {
    start: (environment, logger) => startService(crmPipedriveDefinition, loadConfig(crmPipedriveDefinition.config, environment), logger),
    newAccount: async ({ control, app }) => {
      const { domain } = await control.createPipedriveCompany(app);
      return { account: domain, consent: { account: domain } };
    },
    // The field's code is another one in each company: it is the one that says where the order stands so far.
    setOrderStatus: async (control, account, dealId, status) => {
      const deal = (await control.pipedriveRecords(account, 'deals')).find(({ id }) => String(id) === dealId);
      const [code] = Object.entries(deal?.['custom_fields'] ?? {}).find(([, value]) => orderStatusSchema.safeParse(value).success) ?? [];
      if (code === undefined) throw new Error(`Deal ${dealId} of ${account} does not say where its order stands.`);
      return control.editPipedriveRecord(account, 'deals', dealId, { custom_fields: { [code]: status } });
    },
  },
  zoho: {
    start: (environment, logger) => startService(crmZohoDefinition, loadConfig(crmZohoDefinition.config, environment), logger),
    newAccount: async ({ control, app }) => {
      const { orgId } = await control.createZohoOrg({ ...app, location: 'eu', currency: 'USD' });
      return { account: orgId, consent: { account: orgId } };
    },
    setOrderStatus: (control, account, dealId, status) => control.editZohoRecord(account, 'Deals', dealId, { Crossdock_Order_Status: status }),
  },
  dynamics: {
    start: (environment, logger) => startService(crmDynamicsDefinition, loadConfig(crmDynamicsDefinition.config, environment), logger),
    newAccount: async ({ control, app }) => {
      const { orgId, environmentUrl } = await control.createDynamicsEnvironment(app);
      return { account: orgId, consent: {}, settings: { environmentUrl } };
    },
    setOrderStatus: (control, account, dealId, status) => control.editDynamicsRow(account, 'opportunities', dealId, { xdock_orderstatus: status }),
  },
};
