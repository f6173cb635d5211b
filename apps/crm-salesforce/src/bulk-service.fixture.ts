import { CrmServiceModule, concernsVendor } from '@crossdock/crm-service';
import type { ServiceDefinition } from '@crossdock/service-kit';
import { SalesforceAuthorisation, SalesforceConnector } from '@crossdock/vendor-salesforce';
import { crmSalesforceConfig } from './crm-salesforce.config.ts';

/** Writes from which on this service uses jobs, instead of some thousands. */
export const bulkWritesFrom = 450;

/** The service, but that fewer writes make a job. */
export const bulkServiceDefinition: ServiceDefinition<typeof crmSalesforceConfig> = {
  name: 'crm-salesforce', config: crmSalesforceConfig, concerns: concernsVendor('salesforce'),
  module: (config) => CrmServiceModule.forVendor({
    vendor: 'salesforce',
    connector: (parts) => new SalesforceConnector({ ...parts, bulkWritesFrom }),
    authorisation: (http) => new SalesforceAuthorisation(http, config),
  }, config),
};
