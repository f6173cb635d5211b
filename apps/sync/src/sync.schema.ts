import type { OwnedSchema } from '@crossdock/service-kit';
import { CreateLeads1795300000100 } from './migrations/create-leads.ts';
import { CreateSyncStanding1795300000200 } from './migrations/create-sync-standing.ts';
import { CreateSync1795300000000 } from './migrations/create-sync.ts';

/** The PostgreSQL schema of sync. */
export const syncSchema: OwnedSchema = { name: 'sync', migrations: [CreateSync1795300000000, CreateLeads1795300000100, CreateSyncStanding1795300000200] };
