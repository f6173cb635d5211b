import type { OwnedSchema } from '@crossdock/service-kit';
import { CreateAudit1795240000002 } from './migrations/create-audit.ts';
import { CreateJournal1795240000001 } from './migrations/create-journal.ts';

/** The PostgreSQL schema of the journal. */
export const journalSchema: OwnedSchema = { name: 'journal', migrations: [CreateJournal1795240000001, CreateAudit1795240000002] };
