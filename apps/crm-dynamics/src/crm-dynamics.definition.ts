import { concernsVendor } from '@crossdock/crm-service';
import type { ServiceDefinition } from '@crossdock/service-kit';
import { crmDynamicsConfig } from './crm-dynamics.config.ts';
import { crmDynamicsModule } from './crm-dynamics.module.ts';

/** What crm-dynamics is made of, for its process and for tests. */
export const crmDynamicsDefinition: ServiceDefinition<typeof crmDynamicsConfig> = {
  name: 'crm-dynamics',
  config: crmDynamicsConfig,
  module: crmDynamicsModule,
  concerns: concernsVendor('dynamics'),
};
