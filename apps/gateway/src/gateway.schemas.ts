import { connectionsSchema } from '@crossdock/connections';
import { CreateGateway1763700000101 } from './migrations/create-gateway.ts';

/** The PostgreSQL schemas the gateway works in. */
export const gatewaySchemas = [{ name: 'gateway', migrations: [CreateGateway1763700000101] }, connectionsSchema];
