import { crmServiceConfigShape } from '@crossdock/crm-service';
import { pipedriveAppShape } from '@crossdock/vendor-pipedrive';
import { z } from 'zod';

export const crmPipedriveConfig = z.object({ ...crmServiceConfigShape, ...pipedriveAppShape });
export type CrmPipedriveConfig = z.infer<typeof crmPipedriveConfig>;
