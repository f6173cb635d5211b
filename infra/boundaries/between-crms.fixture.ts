import type { Logger } from 'pino';
import { connectionsSchema } from '@crossdock/connections';
import { crmServiceSchemas } from '@crossdock/crm-service';
import { loadConfig, startService, type RunningService } from '@crossdock/service-kit';
import type { TestDatabase } from '@crossdock/test-stack';
import { crmHubSpotDefinition } from '../../apps/crm-hubspot/src/crm-hubspot.definition.ts';
import { crmSalesforceDefinition } from '../../apps/crm-salesforce/src/crm-salesforce.definition.ts';
import { syncDefinition } from '../../apps/sync/src/sync.definition.ts';
import { syncSchema } from '../../apps/sync/src/sync.schema.ts';

/** The services between two CRMs, beside the gateway. */
export const namesBetween = ['crm-hubspot', 'crm-salesforce', 'sync'] as const;
export type NameBetween = (typeof namesBetween)[number];

interface ServiceBetween {
  readonly schemas: Parameters<TestDatabase['migrateService']>[1];
  readonly start: (environment: NodeJS.ProcessEnv, logger: Logger) => Promise<RunningService>;
}

export const servicesBetween: Readonly<Record<NameBetween, ServiceBetween>> = {
  'crm-hubspot': {
    schemas: crmServiceSchemas('crm-hubspot'),
    start: (environment, logger) => startService(crmHubSpotDefinition, loadConfig(crmHubSpotDefinition.config, environment), logger),
  },
  'crm-salesforce': {
    schemas: crmServiceSchemas('crm-salesforce'),
    start: (environment, logger) => startService(crmSalesforceDefinition, loadConfig(crmSalesforceDefinition.config, environment), logger),
  },
  sync: {
    schemas: [syncSchema, connectionsSchema],
    start: (environment, logger) => startService(syncDefinition, loadConfig(syncDefinition.config, environment), logger),
  },
};
