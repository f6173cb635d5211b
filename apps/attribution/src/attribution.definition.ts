import type { ServiceDefinition } from '@crossdock/service-kit';
import { attributionConfig } from './attribution.config.ts';
import { AttributionModule } from './attribution.module.ts';

/** What attribution is made of, for its process and for tests. */
export const attributionDefinition: ServiceDefinition<typeof attributionConfig> = {
  name: 'attribution',
  config: attributionConfig,
  gatherEventsMs: 500,
  module: () => AttributionModule.forService(),
};
