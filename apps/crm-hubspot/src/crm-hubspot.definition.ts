import { concernsVendor } from '@crossdock/crm-service';
import type { ServiceDefinition } from '@crossdock/service-kit';
import { crmHubSpotConfig } from './crm-hubspot.config.ts';
import { crmHubSpotModule } from './crm-hubspot.module.ts';

/** What crm-hubspot is made of, for its process and for tests. */
export const crmHubSpotDefinition: ServiceDefinition<typeof crmHubSpotConfig> = {
  name: 'crm-hubspot',
  config: crmHubSpotConfig,
  module: crmHubSpotModule,
  concerns: concernsVendor('hubspot'),
};
