import { connectionsSchema } from '@crossdock/connections';
import { CreateCallers1795300000300 } from './migrations/create-callers.ts';
import { CreateGateway1763700000101 } from './migrations/create-gateway.ts';
import { CreateIdempotentCalls1795300000400 } from './migrations/create-idempotent-calls.ts';
import { CreateLeadForms1795300000200 } from './migrations/create-lead-forms.ts';
import { CreateWorkspaces1795300000500 } from './migrations/create-workspaces.ts';

/** The PostgreSQL schemas the gateway works in. */
export const gatewaySchemas = [{ name: 'gateway', migrations: [CreateGateway1763700000101, CreateLeadForms1795300000200, CreateCallers1795300000300, CreateIdempotentCalls1795300000400, CreateWorkspaces1795300000500] }, connectionsSchema];
