import { runService } from '@crossdock/service-kit';
import { journalDefinition } from './journal.definition.ts';

await runService(journalDefinition);
