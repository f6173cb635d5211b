import { migrateService } from '@crossdock/service-kit';
import { connectionsSchema } from '@crossdock/connections';
import { journalSchema } from './journal.schema.ts';

await migrateService({ name: 'journal', schemas: [connectionsSchema, journalSchema] });
