import { CrmServiceModule } from '@crossdock/crm-service';
import { DynamicsAuthorisation, DynamicsConnector } from '@crossdock/vendor-dynamics';
import type { DynamicModule } from '@nestjs/common';
import type { CrmDynamicsConfig } from './crm-dynamics.config.ts';

/** A CRM service that speaks with Dynamics. */
export function crmDynamicsModule(config: CrmDynamicsConfig): DynamicModule {
  return CrmServiceModule.forVendor({
    vendor: 'dynamics',
    connector: (parts) => new DynamicsConnector(parts),
    authorisation: (http) => new DynamicsAuthorisation(http, config),
  }, config);
}
