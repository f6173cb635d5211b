import type { ServiceDefinition } from '@crossdock/service-kit';
import { syncConfig } from './sync.config.ts';
import { SyncModule } from './sync.module.ts';

/** What sync is made of, for its process and for tests. */
export const syncDefinition: ServiceDefinition<typeof syncConfig> = {
  name: 'sync',
  config: syncConfig,
  module: () => SyncModule.forService(),
};
