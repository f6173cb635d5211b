import { concernsVendor } from '@crossdock/crm-service';
import type { ServiceDefinition } from '@crossdock/service-kit';
import { crmZohoConfig } from './crm-zoho.config.ts';
import { crmZohoModule } from './crm-zoho.module.ts';

/** What crm-zoho is made of, for its process and for tests. */
export const crmZohoDefinition: ServiceDefinition<typeof crmZohoConfig> = {
  name: 'crm-zoho',
  config: crmZohoConfig,
  module: crmZohoModule,
  concerns: concernsVendor('zoho'),
};
