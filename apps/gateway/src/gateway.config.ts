import { z } from 'zod';
import { vaultKeysSetting } from '@crossdock/connections';
import { serviceConfigShape } from '@crossdock/service-kit';
import { clientKeyFileSetting } from '@crossdock/service-tokens';

export const gatewayConfig = z.object({
  ...serviceConfigShape,
  publicUrl: z.url({ protocol: /^https?$/ }).describe('Address under which vendors and callers reach the gateway; HubSpot signs it.'),
  vaultKeys: vaultKeysSetting,
  serviceClientKeyFile: clientKeyFileSetting.describe('File with the private key (P-256, as JSON Web Key) by which the gateway proves itself to auth-sso.'),
  hubspotClientSecrets: z.string().min(1).transform((list) => list.split(',')).describe('Client secrets of the HubSpot app, separated by commas; two while one is rotated.'),
  crmHubspotUrl: z.url().describe('Address of the crm-hubspot service.'),
  crmSalesforceUrl: z.url().describe('Address of the crm-salesforce service.'),
  crmDynamicsUrl: z.url().describe('Address of the crm-dynamics service.'),
  crmPipedriveUrl: z.url().describe('Address of the crm-pipedrive service.'),
  crmZohoUrl: z.url().describe('Address of the crm-zoho service.'),
  ordersUrl: z.url().describe('Address of the orders service.'),
  shippingUrl: z.url().describe('Address of the shipping service.'),
  attributionUrl: z.url().describe('Address of the attribution service.'),
});
export type GatewayConfig = z.infer<typeof gatewayConfig>;
