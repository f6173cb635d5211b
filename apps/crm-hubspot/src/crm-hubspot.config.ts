import { crmServiceConfigShape } from '@crossdock/crm-service';
import { hubSpotAppShape } from '@crossdock/vendor-hubspot';
import { z } from 'zod';

export const crmHubSpotConfig = z.object({ ...crmServiceConfigShape, ...hubSpotAppShape });
export type CrmHubSpotConfig = z.infer<typeof crmHubSpotConfig>;
