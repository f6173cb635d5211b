import { runService } from '@crossdock/service-kit';
import { attributionConfig } from './attribution.config.ts';
import { AttributionModule } from './attribution.module.ts';

await runService({
  name: 'attribution',
  config: attributionConfig,
  module: (config) => AttributionModule.forService(config),
});
