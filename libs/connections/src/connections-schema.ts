import { CreateCallLog1763700000011 } from './migrations/create-call-log.ts';
import { CreateConnections1763700000010 } from './migrations/create-connections.ts';
import { CreateIngestLookUp1763700000013 } from './migrations/create-ingest-look-up.ts';

/** The PostgreSQL schema that this library owns; each service that uses connections migrates it beside its own. */
export const connectionsSchema = { name: 'connections', migrations: [CreateConnections1763700000010, CreateCallLog1763700000011, CreateIngestLookUp1763700000013] };
