import { dealChanged } from '@crossdock/contracts';
import type { ServiceDefinition } from '@crossdock/service-kit';
import { mayAskForSample } from './samples/wanted-sample.ts';
import { shippingConfig } from './shipping.config.ts';
import { shippingEntities, ShippingModule } from './shipping.module.ts';

/** What shipping is made of, for its process and for tests. */
export const shippingDefinition: ServiceDefinition<typeof shippingConfig> = {
  name: 'shipping',
  config: shippingConfig,
  entities: shippingEntities,
  gatherEventsMs: 250,
  concerns: ({ type, data }) => type !== dealChanged.type || mayAskForSample(data),
  module: (config) => ShippingModule.forService(config),
};
