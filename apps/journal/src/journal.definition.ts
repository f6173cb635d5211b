import type { ServiceDefinition } from '@crossdock/service-kit';
import { journalConfig } from './journal.config.ts';
import { JournalModule } from './journal.module.ts';

/** What the journal is made of, for its process and for tests. */
export const journalDefinition: ServiceDefinition<typeof journalConfig> = {
  name: 'journal',
  config: journalConfig,
  gatherEventsMs: 500,
  module: (config) => JournalModule.forService(config),
};
