import { z } from 'zod';
import { vaultKeysSetting } from '@crossdock/connections';
import { outboundConfigShape } from '@crossdock/outbound-service';
import { serviceConfigShape, trustedProxiesSetting } from '@crossdock/service-kit';
import { clientKeyFileSetting } from '@crossdock/service-tokens';
import { keptQueriesSetting } from './graphql/kept-queries.ts';
import { vendorAppsShape } from './connections/vendor-authorisations.ts';

export const gatewayConfig = z.object({
  ...serviceConfigShape,
  publicUrl: z.url({ protocol: /^https?$/ }).describe('Address under which vendors and callers reach the gateway; HubSpot signs it.'),
  vaultKeys: vaultKeysSetting,
  serviceClientKeyFile: clientKeyFileSetting.describe('File with the private key (P-256, as JSON Web Key) by which the gateway proves itself to auth-sso.'),
  ...vendorAppsShape,
  returnOrigins: z.string().default('').transform((list) => list.split(',').map((origin) => origin.trim()).filter((origin) => origin !== ''))
    .pipe(z.array(z.url({ protocol: /^https?$/ }).refine((origin) => new URL(origin).origin === origin, 'must be an origin')))
    .describe('Origins such as https://app.example.com that people may be sent back to after connecting an account, separated by commas; this installation’s own is always allowed.'),
  connectionProbeSeconds: z.coerce.number().int().min(1).max(86_400).default(900)
    .describe('Seconds between two looks whether a vendor still serves a connection, a fifth more or less.'),
  trustedProxies: trustedProxiesSetting,
  grafanaUrl: z.url({ protocol: /^https?$/ }).optional().describe('Address at which operators reach Grafana; the console links to it. Without it there are no links.'),
  callerRequestsPerMinute: z.coerce.number().int().min(1).max(1_000_000).default(6_000)
    .describe('Requests that one caller may make with one tenant in a minute, over all replicas.'),
  graphqlIntrospection: z.stringbool().default(false).describe('Whether the graph describes itself to callers; for development.'),
  graphqlMaxCost: z.coerce.number().int().min(1).max(1_000_000).default(10_000).describe('Things that the answer to one GraphQL operation may hold at most, by the sizes of the pages that it asks for.'),
  graphqlQueriesFile: keptQueriesSetting.optional().describe('File with the only GraphQL documents that are served, as JSON: SHA-256 in hexadecimal → document. Without it all are.'),
  personErasureQuietSeconds: z.coerce.number().int().min(1).max(86_400).default(60)
    .describe('Seconds in which services must find nothing more of a person before her erasure is done.'),
  webhookRetentionDays: z.coerce.number().int().min(1).max(3_650).default(30)
    .describe('Days a received webhook is kept, so that its repeat is recognised; vendors repeat for some days at most.'),
  ...outboundConfigShape,
  hubspotClientSecrets: z.string().min(1).transform((list) => list.split(',')).describe('Client secrets of the HubSpot app, separated by commas; two while one is rotated.'),
  crmHubspotUrl: z.url().describe('Address of the crm-hubspot service.'),
  crmSalesforceUrl: z.url().describe('Address of the crm-salesforce service.'),
  crmDynamicsUrl: z.url().describe('Address of the crm-dynamics service.'),
  crmPipedriveUrl: z.url().describe('Address of the crm-pipedrive service.'),
  crmZohoUrl: z.url().describe('Address of the crm-zoho service.'),
  ordersUrl: z.url().describe('Address of the orders service.'),
  shippingUrl: z.url().describe('Address of the shipping service.'),
  attributionUrl: z.url().describe('Address of the attribution service.'),
  syncUrl: z.url().describe('Address of the sync service.'),
  journalUrl: z.url().describe('Address of the journal service.'),
});
export type GatewayConfig = z.infer<typeof gatewayConfig>;
