import { crmServiceConfigShape } from '@crossdock/crm-service';
import { dynamicsAppShape } from '@crossdock/vendor-dynamics';
import { z } from 'zod';

export const crmDynamicsConfig = z.object({ ...crmServiceConfigShape, ...dynamicsAppShape });
export type CrmDynamicsConfig = z.infer<typeof crmDynamicsConfig>;
