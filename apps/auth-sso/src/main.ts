import { runService } from '@crossdock/service-kit';
import { authSsoDefinition } from './auth-sso.definition.ts';

await runService(authSsoDefinition);
