import { CrmServiceModule } from '@crossdock/crm-service';
import { SalesforceAuthorisation, SalesforceConnector } from '@crossdock/vendor-salesforce';
import type { DynamicModule } from '@nestjs/common';
import type { CrmSalesforceConfig } from './crm-salesforce.config.ts';

/** A CRM service that speaks with Salesforce. */
export function crmSalesforceModule(config: CrmSalesforceConfig): DynamicModule {
  return CrmServiceModule.forVendor({
    vendor: 'salesforce',
    connector: (parts) => new SalesforceConnector(parts),
    authorisation: (http) => new SalesforceAuthorisation(http, config),
  }, config);
}
