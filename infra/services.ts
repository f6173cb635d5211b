/** What a service may ask of others: the services it calls and the scopes its tokens may hold. */
export type Grant = { readonly audiences: readonly string[]; readonly scopes: readonly string[] };

/** Settings for vendors; each service is given only those it needs. */
export type VendorSetting =
  | 'HUBSPOT_API_URL'
  | 'HUBSPOT_APP_URL'
  | 'HUBSPOT_CLIENT_ID'
  | 'HUBSPOT_CLIENT_SECRET'
  | 'HUBSPOT_CLIENT_SECRETS'
  | 'SHIPPO_API_URL'
  | 'PIPEDRIVE_OAUTH_URL'
  | 'PIPEDRIVE_COMPANY_URL'
  | 'PIPEDRIVE_CLIENT_ID'
  | 'PIPEDRIVE_CLIENT_SECRET'
  | 'DYNAMICS_LOGIN_URL'
  | 'DYNAMICS_ENVIRONMENT_DOMAINS'
  | 'DYNAMICS_CLIENT_ID'
  | 'DYNAMICS_CLIENT_SECRET'
  | 'SALESFORCE_LOGIN_URL'
  | 'SALESFORCE_SANDBOX_LOGIN_URL'
  | 'SALESFORCE_MY_DOMAIN_URL'
  | 'SALESFORCE_CLIENT_ID'
  | 'SALESFORCE_CLIENT_SECRET'
  | 'ZOHO_ACCOUNTS_URL'
  | 'ZOHO_CLIENT_ID'
  | 'ZOHO_CLIENT_SECRET';

export type Service = {
  readonly name: string;
  readonly port: number;
  readonly internalPort: number;
  readonly vendorSettings: readonly VendorSetting[];
  /** A service without a grant calls no other service. */
  readonly grant?: Grant;
};

/** What the gateway may ask of the services behind it, for any tenant. */
const scopesBehindTheGateway = ['tenant:any', 'orders:read', 'orders:write', 'shipments:read', 'shipments:write', 'attribution:read', 'attribution:write', 'connections:read', 'connections:write', 'operations:read', 'operations:write', 'syncs:read', 'syncs:write', 'jobs:read', 'jobs:write', 'dead-letters:read', 'dead-letters:write', 'leads:write', 'records:read', 'lineage:read', 'audit:read', 'audit:write', 'identity:read', 'identity:write'];

const hubSpotApp = ['HUBSPOT_API_URL', 'HUBSPOT_APP_URL', 'HUBSPOT_CLIENT_ID', 'HUBSPOT_CLIENT_SECRET'] as const;
const pipedriveApp = ['PIPEDRIVE_OAUTH_URL', 'PIPEDRIVE_COMPANY_URL', 'PIPEDRIVE_CLIENT_ID', 'PIPEDRIVE_CLIENT_SECRET'] as const;
const dynamicsApp = ['DYNAMICS_LOGIN_URL', 'DYNAMICS_ENVIRONMENT_DOMAINS', 'DYNAMICS_CLIENT_ID', 'DYNAMICS_CLIENT_SECRET'] as const;
const zohoApp = ['ZOHO_ACCOUNTS_URL', 'ZOHO_CLIENT_ID', 'ZOHO_CLIENT_SECRET'] as const;
const salesforceApp = ['SALESFORCE_LOGIN_URL', 'SALESFORCE_SANDBOX_LOGIN_URL', 'SALESFORCE_MY_DOMAIN_URL', 'SALESFORCE_CLIENT_ID', 'SALESFORCE_CLIENT_SECRET'] as const;

/** Every service that runs, in the order of starting; they stop in the opposite order. */
export const SERVICES: readonly Service[] = [
  { name: 'auth-sso', port: 8081, internalPort: 9081, vendorSettings: [] },
  {
    name: 'crm-salesforce',
    port: 8082,
    internalPort: 9082,
    vendorSettings: salesforceApp,
  },
  {
    name: 'crm-hubspot',
    port: 8083,
    internalPort: 9083,
    vendorSettings: hubSpotApp,
  },
  {
    name: 'crm-pipedrive',
    port: 8087,
    internalPort: 9087,
    vendorSettings: pipedriveApp,
  },
  {
    name: 'crm-zoho',
    port: 8089,
    internalPort: 9089,
    vendorSettings: zohoApp,
  },
  {
    name: 'crm-dynamics',
    port: 8088,
    internalPort: 9088,
    vendorSettings: dynamicsApp,
  },
  { name: 'orders', port: 8084, internalPort: 9084, vendorSettings: [] },
  { name: 'shipping', port: 8085, internalPort: 9085, vendorSettings: ['SHIPPO_API_URL'] },
  { name: 'attribution', port: 8086, internalPort: 9086, vendorSettings: [] },
  { name: 'sync', port: 8091, internalPort: 9091, vendorSettings: [] },
  { name: 'journal', port: 8092, internalPort: 9092, vendorSettings: [] },
  {
    name: 'gateway',
    port: 8080,
    internalPort: 9080,
    vendorSettings: [...hubSpotApp, 'HUBSPOT_CLIENT_SECRETS', ...salesforceApp, ...pipedriveApp, ...zohoApp, ...dynamicsApp, 'SHIPPO_API_URL'],
    grant: {
      audiences: ['auth-sso', 'crm-salesforce', 'crm-hubspot', 'crm-pipedrive', 'crm-zoho', 'crm-dynamics', 'orders', 'shipping', 'attribution', 'sync', 'journal'],
      // Who asked for an operation, and from which address somebody signs on, is what the gateway says of it.
      scopes: [...scopesBehindTheGateway, 'operations:delegate', 'client-address:delegate'],
    },
  },
];

/** The stand-in for the vendors. */
export const SANDBOX = { name: 'sandbox', port: 8090 } as const;

/** The client under which the demonstration calls the gateway. */
export const DEMO_CLIENT = { name: 'demo', grant: { audiences: ['gateway'], scopes: [...scopesBehindTheGateway, 'personal:read', 'tenants:manage', 'api-keys:read', 'api-keys:write', 'privacy:read', 'privacy:write'] } } as const;

/** `crm-hubspot` → `CRM_HUBSPOT`, as it stands in environment variables. */
export function variableName(service: string): string {
  return service.toUpperCase().replaceAll('-', '_');
}
