import { concernsVendor } from '@crossdock/crm-service';
import type { ServiceDefinition } from '@crossdock/service-kit';
import { crmPipedriveConfig } from './crm-pipedrive.config.ts';
import { crmPipedriveModule } from './crm-pipedrive.module.ts';

/** What crm-pipedrive is made of, for its process and for tests. */
export const crmPipedriveDefinition: ServiceDefinition<typeof crmPipedriveConfig> = {
  name: 'crm-pipedrive',
  config: crmPipedriveConfig,
  module: crmPipedriveModule,
  concerns: concernsVendor('pipedrive'),
};
