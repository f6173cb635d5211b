import { connectionsSchema } from '@crossdock/connections';
import { migrateService } from '@crossdock/service-kit';
import { syncSchema } from './sync.schema.ts';

await migrateService({ name: 'sync', schemas: [syncSchema, connectionsSchema] });
