import type { OwnedSchema } from '@crossdock/service-kit';
import { CreateJournal1795240000001 } from './migrations/create-journal.ts';

/** The PostgreSQL schema of the journal. */
export const journalSchema: OwnedSchema = { name: 'journal', migrations: [CreateJournal1795240000001] };
