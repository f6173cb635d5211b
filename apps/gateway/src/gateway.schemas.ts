import { connectionsSchema } from '@crossdock/connections';
import { CreateCallers1795300000300 } from './migrations/create-callers.ts';
import { CreateGateway1763700000101 } from './migrations/create-gateway.ts';
import { CreateLeadForms1795300000200 } from './migrations/create-lead-forms.ts';

/** The PostgreSQL schemas the gateway works in. */
export const gatewaySchemas = [{ name: 'gateway', migrations: [CreateGateway1763700000101, CreateLeadForms1795300000200, CreateCallers1795300000300] }, connectionsSchema];
