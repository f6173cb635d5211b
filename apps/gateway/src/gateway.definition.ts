import type { ServiceDefinition } from '@crossdock/service-kit';
import { gatewayConfig } from './gateway.config.ts';
import { GatewayModule } from './gateway.module.ts';
import { keepWebhookBytes } from './ingest/raw-body.ts';
import { routeWebhooks } from './ingest/webhook-routes.ts';

/** What the gateway is made of, for its process and for tests. */
export const gatewayDefinition: ServiceDefinition<typeof gatewayConfig> = {
  name: 'gateway',
  config: gatewayConfig,
  module: (config) => GatewayModule.with(config),
  configureHttp: (app, config) => {
    keepWebhookBytes(app, config);
    routeWebhooks(app);
  },
};
