import { connectionsSchema } from '@crossdock/connections';
import type { ServiceName } from '@crossdock/contracts';
import { schemaOf, type OwnedSchema } from '@crossdock/service-kit';
import { CreateAccountSetUps1763700000021 } from './migrations/create-account-set-ups.ts';
import { CreateChangeListeners1763700000024 } from './migrations/create-change-listeners.ts';
import { CreateRecordFeeds1763700000022 } from './migrations/create-record-feeds.ts';
import { CreateCrmRecords1763700000020 } from './migrations/create-crm-records.ts';
import { CreateDealLines1763700000027 } from './migrations/create-deal-lines.ts';
import { CreateFieldMappings1763700000023 } from './migrations/create-field-mappings.ts';
import { CreateWriteJobs1763700000026 } from './migrations/create-write-jobs.ts';

/** The PostgreSQL schemas that a CRM service works with: its own, and the connections'. */
export function crmServiceSchemas(service: Extract<ServiceName, `crm-${string}`>): readonly OwnedSchema[] {
  const migrations = [
    CreateCrmRecords1763700000020, CreateAccountSetUps1763700000021, CreateRecordFeeds1763700000022, CreateFieldMappings1763700000023,
    CreateChangeListeners1763700000024, CreateWriteJobs1763700000026, CreateDealLines1763700000027,
  ];
  return [{ name: schemaOf(service), migrations }, connectionsSchema];
}
