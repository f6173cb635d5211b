import { runService } from '@crossdock/service-kit';
import { authSsoConfig } from './auth-sso.config.ts';
import { AuthSsoModule } from './auth-sso.module.ts';

await runService({ name: 'auth-sso', config: authSsoConfig, module: (config) => AuthSsoModule.forConfig(config) });
