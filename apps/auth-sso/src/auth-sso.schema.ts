import type { OwnedSchema } from '@crossdock/service-kit';
import { CreateSigningKeys1763700100000 } from './migrations/create-signing-keys.ts';
import { CreateSignOn1795300000300 } from './migrations/create-sign-on.ts';

/** The PostgreSQL schema of auth-sso and the migrations that make its tables. */
export const authSsoSchema: OwnedSchema = { name: 'auth_sso', migrations: [CreateSigningKeys1763700100000, CreateSignOn1795300000300] };
