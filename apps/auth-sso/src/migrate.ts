import { migrateService } from '@crossdock/service-kit';
import { authSsoSchema } from './auth-sso.schema.ts';

await migrateService({ name: 'auth-sso', schemas: [authSsoSchema] });
