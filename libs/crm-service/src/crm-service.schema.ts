import { connectionsSchema } from '@crossdock/connections';
import type { ServiceName } from '@crossdock/contracts';
import { schemaOf, type OwnedSchema } from '@crossdock/service-kit';
import { CreateCrmRecords1763700000020 } from './migrations/create-crm-records.ts';

/** The PostgreSQL schemas that a CRM service works with: its own, and the connections'. */
export function crmServiceSchemas(service: Extract<ServiceName, `crm-${string}`>): readonly OwnedSchema[] {
  return [{ name: schemaOf(service), migrations: [CreateCrmRecords1763700000020] }, connectionsSchema];
}
