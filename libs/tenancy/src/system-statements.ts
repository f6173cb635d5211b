import type { DataSource } from 'typeorm';
import { z } from 'zod';

export const systemScope = `SELECT set_config('crossdock.scope', 'system', true)`;

/** What TypeORM's query runner keeps: the driver's own client. It answers several statements in one string with a result for each. */
const clientSchema = z.custom<{ query(statements: string): Promise<unknown> }>((client) => typeof client === 'object' && client !== null && 'query' in client && typeof client.query === 'function');
const answersSchema = z.array(z.object({ rows: z.array(z.unknown()) })).min(2);

/** Runs statements without parameters in the system scope: one message to the database, which makes one transaction of it. @returns the rows of the last one. */
export async function runInSystemScope(dataSource: DataSource, statements: string): Promise<unknown[]> {
  const runner = dataSource.createQueryRunner();
  try {
    const client = clientSchema.parse(await runner.connect());
    return answersSchema.parse(await client.query(`${systemScope}; ${statements}`)).at(-1)?.rows ?? [];
  } finally {
    await runner.release();
  }
}
