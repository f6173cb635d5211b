import { crmServiceConfigShape } from '@crossdock/crm-service';
import { z } from 'zod';

export const crmSalesforceConfig = z.object({
  ...crmServiceConfigShape,
  salesforceLoginUrl: z.url().default('https://login.salesforce.com').describe('Address where Salesforce gives tokens, without a slash at its end.'),
  salesforceClientId: z.string().min(1).describe('Consumer key of the Salesforce app.'),
  salesforceClientSecret: z.string().min(1).describe('Consumer secret of the Salesforce app.'),
});
export type CrmSalesforceConfig = z.infer<typeof crmSalesforceConfig>;
