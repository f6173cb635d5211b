import { DataSource, type EntitySchema, type MixedList } from 'typeorm';
import { postgresAccess } from './server-tls.ts';

/** A TypeORM entity: a decorated class or a schema object. */
export type Entities = MixedList<(new () => object) | EntitySchema>;

export interface DatabaseOptions {
  readonly url: string;
  /** Whose word for the server is taken, where the address asks for TLS: certificates, PEM. */
  readonly serverCa?: string | undefined;
  /** The PostgreSQL schema that unqualified table names mean. */
  readonly schema: string;
  readonly poolSize: number;
  readonly applicationName: string;
  readonly entities: Entities;
}

/** The pool of one process. Tables change by migrations only; nothing is ever synchronised from entities. */
export function createDataSource({ url, serverCa, schema, poolSize, applicationName, entities }: DatabaseOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    ...postgresAccess(url, serverCa),
    schema,
    applicationName,
    poolSize,
    entities,
    synchronize: false,
    connectTimeoutMS: 5_000,
    extra: {
      options: `-c search_path=${schema} -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000`,
    },
  });
}
