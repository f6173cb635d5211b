import { CrmServiceModule } from '@crossdock/crm-service';
import { HubSpotAuthorisation, HubSpotConnector } from '@crossdock/vendor-hubspot';
import type { DynamicModule } from '@nestjs/common';
import type { CrmHubSpotConfig } from './crm-hubspot.config.ts';

/** A CRM service that speaks with HubSpot. */
export function crmHubSpotModule(config: CrmHubSpotConfig): DynamicModule {
  return CrmServiceModule.forVendor({
    vendor: 'hubspot',
    connector: ({ http, tokens }) => new HubSpotConnector({ http, tokens, client: config }),
    authorisation: (http) => new HubSpotAuthorisation(http, config),
  }, config);
}
