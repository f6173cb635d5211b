import { crmServiceConfigShape } from '@crossdock/crm-service';
import { z } from 'zod';

export const crmHubSpotConfig = z.object({
  ...crmServiceConfigShape,
  hubspotApiUrl: z.url().default('https://api.hubapi.com').describe("Address of HubSpot's API, without a slash at its end."),
  hubspotClientId: z.string().min(1).describe('Client id of the HubSpot app.'),
  hubspotClientSecret: z.string().min(1).describe('Client secret of the HubSpot app.'),
});
export type CrmHubSpotConfig = z.infer<typeof crmHubSpotConfig>;
