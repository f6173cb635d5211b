import { CrmServiceModule } from '@crossdock/crm-service';
import { ZohoAuthorisation, ZohoConnector } from '@crossdock/vendor-zoho';
import type { DynamicModule } from '@nestjs/common';
import type { CrmZohoConfig } from './crm-zoho.config.ts';

/** A CRM service that speaks with Zoho CRM. */
export function crmZohoModule(config: CrmZohoConfig): DynamicModule {
  return CrmServiceModule.forVendor({
    vendor: 'zoho',
    connector: (parts) => new ZohoConnector(parts),
    authorisation: (http) => new ZohoAuthorisation(http, config),
  }, config);
}
