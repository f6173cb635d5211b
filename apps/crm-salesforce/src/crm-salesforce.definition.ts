import { concernsVendor } from '@crossdock/crm-service';
import type { ServiceDefinition } from '@crossdock/service-kit';
import { crmSalesforceConfig } from './crm-salesforce.config.ts';
import { crmSalesforceModule } from './crm-salesforce.module.ts';

/** What crm-salesforce is made of, for its process and for tests. */
export const crmSalesforceDefinition: ServiceDefinition<typeof crmSalesforceConfig> = {
  name: 'crm-salesforce',
  config: crmSalesforceConfig,
  module: crmSalesforceModule,
  concerns: concernsVendor('salesforce'),
};
