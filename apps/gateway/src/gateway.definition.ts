import type { ServiceDefinition } from '@crossdock/service-kit';
import { routeConsole } from './console/console-routes.ts';
import { frontSignOn } from './console/sign-on-front.ts';
import { answerLookUpsDirectly } from './facade/direct-look-ups.ts';
import { gatewayConfig } from './gateway.config.ts';
import { GatewayModule } from './gateway.module.ts';
import { keepWebhookBytes } from './ingest/raw-body.ts';
import { routeWebhooks } from './ingest/webhook-routes.ts';
import { addAnswerHeaders } from './requests/answer-headers.ts';
import { allowTenantsOrigins } from './requests/cross-origin.ts';
import { slowGuessing } from './requests/failed-credentials.ts';

/** More than a person or a program that means well ever shows. */
const failedCredentialsPerMinute = 120;

/** What the gateway is made of, for its process and for tests. */
export const gatewayDefinition: ServiceDefinition<typeof gatewayConfig> = {
  name: 'gateway',
  config: gatewayConfig,
  module: (config) => GatewayModule.with(config),
  trustedProxies: (config) => config.trustedProxies,
  configureHttp: (app, config) => {
    slowGuessing(app, failedCredentialsPerMinute);
    allowTenantsOrigins(app);
    addAnswerHeaders(app);
    answerLookUpsDirectly(app);
    keepWebhookBytes(app, config);
    routeWebhooks(app);
    frontSignOn(app, config.authIssuerUrl);
    routeConsole(app.getHttpAdapter().getInstance());
  },
};
