import { DataSource, type EntitySchema, type MixedList } from 'typeorm';

/** A TypeORM entity: a decorated class or a schema object. */
export type Entities = MixedList<(new () => object) | EntitySchema>;

export interface DatabaseOptions {
  readonly url: string;
  /** The PostgreSQL schema that unqualified table names mean. */
  readonly schema: string;
  readonly poolSize: number;
  readonly applicationName: string;
  readonly entities: Entities;
}

/** The pool of one process. Tables change by migrations only; nothing is ever synchronised from entities. */
export function createDataSource({ url, schema, poolSize, applicationName, entities }: DatabaseOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
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
