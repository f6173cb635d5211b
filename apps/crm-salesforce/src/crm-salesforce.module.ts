import { CrmServiceModule } from '@crossdock/crm-service';
import { SalesforceConnector, SalesforceTokenRefresher } from '@crossdock/vendor-salesforce';
import type { DynamicModule } from '@nestjs/common';
import type { CrmSalesforceConfig } from './crm-salesforce.config.ts';

/** A CRM service that speaks with Salesforce. */
export function crmSalesforceModule(config: CrmSalesforceConfig): DynamicModule {
  const { salesforceLoginUrl: loginUrl, salesforceClientId: clientId, salesforceClientSecret: clientSecret } = config;
  return CrmServiceModule.forVendor({
    vendor: 'salesforce',
    connector: ({ http, tokens }) => new SalesforceConnector({ http, tokens }),
    tokenRefresher: (http) => new SalesforceTokenRefresher({ http, loginUrl, clientId, clientSecret }),
  }, config);
}
