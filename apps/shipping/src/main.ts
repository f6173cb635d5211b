import { runService } from '@crossdock/service-kit';
import { shippingConfig } from './shipping.config.ts';
import { shippingEntities, ShippingModule } from './shipping.module.ts';

await runService({
  name: 'shipping',
  config: shippingConfig,
  entities: shippingEntities,
  module: (config) => ShippingModule.forService(config),
});
