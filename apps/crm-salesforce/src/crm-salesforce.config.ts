import { crmServiceConfigShape } from '@crossdock/crm-service';
import { salesforceAppShape } from '@crossdock/vendor-salesforce';
import { z } from 'zod';

export const crmSalesforceConfig = z.object({ ...crmServiceConfigShape, ...salesforceAppShape });
export type CrmSalesforceConfig = z.infer<typeof crmSalesforceConfig>;
