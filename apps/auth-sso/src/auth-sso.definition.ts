import type { ServiceDefinition } from '@crossdock/service-kit';
import { authSsoConfig } from './auth-sso.config.ts';
import { AuthSsoModule } from './auth-sso.module.ts';
import { readScimBodies } from './scim/scim-bodies.ts';
import { limitOpenPages } from './sign-on/limited-pages.ts';

/** What auth-sso is made of, for its process and for tests. */
export const authSsoDefinition: ServiceDefinition<typeof authSsoConfig> = {
  name: 'auth-sso',
  config: authSsoConfig,
  module: (config) => AuthSsoModule.forConfig(config),
  trustedProxies: (config) => config.trustedProxies,
  configureHttp: (app, config) => {
    readScimBodies(app, config);
    limitOpenPages(app);
  },
};
