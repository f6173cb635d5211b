import { CrmServiceModule } from '@crossdock/crm-service';
import { HubSpotConnector, HubSpotTokenRefresher } from '@crossdock/vendor-hubspot';
import type { DynamicModule } from '@nestjs/common';
import type { CrmHubSpotConfig } from './crm-hubspot.config.ts';

/** A CRM service that speaks with HubSpot. */
export function crmHubSpotModule(config: CrmHubSpotConfig): DynamicModule {
  const { hubspotApiUrl: apiUrl, hubspotClientId: clientId, hubspotClientSecret: clientSecret } = config;
  return CrmServiceModule.forVendor({
    vendor: 'hubspot',
    connector: ({ http, tokens }) => new HubSpotConnector({ http, tokens, apiUrl }),
    tokenRefresher: (http) => new HubSpotTokenRefresher({ http, apiUrl, clientId, clientSecret }),
  }, config);
}
