import { crmServiceConfigShape } from '@crossdock/crm-service';
import { zohoAppShape } from '@crossdock/vendor-zoho';
import { z } from 'zod';

export const crmZohoConfig = z.object({ ...crmServiceConfigShape, ...zohoAppShape });
export type CrmZohoConfig = z.infer<typeof crmZohoConfig>;
