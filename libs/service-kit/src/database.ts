import { setTimeout as pause } from 'node:timers/promises';
import { DataSource, type EntitySchema, type MixedList } from 'typeorm';
import type { Logger } from './logger.ts';
import { isDatabaseAway } from './problem.ts';
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
      pipeline: true,
      options: `-c search_path=${schema} -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000`,
    },
  });
}

/** Less than orchestrators give a process to start (`startupProbe`). */
const patienceMs = 45_000;
const againAfterMs = 1_000;

/**
 * Connects a pool. A database that does not answer yet, as one that starts itself or is overrun by processes that do, is asked again for a while: a
 * process that ended for it would be started anew, which costs more than waiting.
 * @throws what the last try failed with; at once where asking again would not help
 */
export async function connectPatiently(dataSource: DataSource, logger: Logger): Promise<DataSource> {
  const endsAtMs = performance.now() + patienceMs;
  for (;;) {
    try {
      return await dataSource.initialize();
    } catch (error) {
      if (!isDatabaseAway(error) || performance.now() > endsAtMs) throw error;
      logger.warn({ err: error }, `the database does not answer; asking again in ${againAfterMs} ms`);
      await pause(againAfterMs);
    }
  }
}
