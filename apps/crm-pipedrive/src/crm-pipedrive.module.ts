import { CrmServiceModule } from '@crossdock/crm-service';
import { PipedriveAuthorisation, PipedriveConnector } from '@crossdock/vendor-pipedrive';
import type { DynamicModule } from '@nestjs/common';
import type { CrmPipedriveConfig } from './crm-pipedrive.config.ts';

/** A CRM service that speaks with Pipedrive. */
export function crmPipedriveModule(config: CrmPipedriveConfig): DynamicModule {
  return CrmServiceModule.forVendor({
    vendor: 'pipedrive',
    connector: (parts) => new PipedriveConnector(parts),
    authorisation: (http) => new PipedriveAuthorisation(http, config),
  }, config);
}
