import { type Client, escapeIdentifier } from 'pg';
import { type Command, textOf } from './command.ts';
import { databaseMeaning, databaseOption, withDatabase } from './database.ts';
import { textTable } from './text-table.ts';

const POLL_MS = 5_000;

/** What one key of the vault still opens. */
interface Sealed {
  readonly key: string;
  readonly table: string;
  readonly rows: number;
}

/** Only looks: services seal anew by themselves, each what is its own. */
export const vaultCommand: Command = {
  name: 'keys vault',
  usage: '[--retire KEY [--wait]]',
  summary: 'What each key of the vault has sealed; with --retire, whether nothing needs that key any more',
  options: { ...databaseOption, retire: { type: 'string' }, wait: { type: 'boolean' } },
  meanings: {
    ...databaseMeaning,
    retire: 'id of a key that is to be taken out of VAULT_KEYS; exit status 0 only where nothing is sealed by it',
    wait: 'stay until that is so, telling how much is left; cut off, the same command goes on waiting',
  },
  async run({ given, output }) {
    const retired = textOf(given, 'retire');
    return await withDatabase(given, async (client) => {
      let sealed = await whatIsSealed(client);
      output.print(given['json'] === true ? JSON.stringify(sealed, undefined, 2) : textTable(['KEY', 'TABLE', 'ROWS'], sealed.map(({ key, table, rows }) => [key, table, String(rows)])));
      if (retired === undefined) return 0;
      let left = needing(retired, sealed);
      while (left > 0 && given['wait'] === true) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        sealed = await whatIsSealed(client);
        if (needing(retired, sealed) !== left) output.print(`${needing(retired, sealed)} rows still need the key ${retired}.`);
        left = needing(retired, sealed);
      }
      if (left === 0) output.print(`Nothing needs the key ${retired}: it may be taken out of VAULT_KEYS.`);
      else output.complain(`ops: ${left} rows still need the key ${retired}: keep it in VAULT_KEYS.`);
      return left === 0 ? 0 : 1;
    });
  },
};

function needing(key: string, sealed: readonly Sealed[]): number {
  return sealed.filter((each) => each.key === key).reduce((sum, { rows }) => sum + rows, 0);
}

/** Every table that names a key of the vault, as PostgreSQL's own catalogue knows it, so that none is forgotten. */
async function whatIsSealed(client: Client): Promise<Sealed[]> {
  const { rows: columns } = await client.query<{ schema: string; name: string; column: string }>(`
    SELECT table_schema AS schema, table_name AS name, column_name AS column FROM information_schema.columns
    WHERE column_name IN ('vault_key_id', 'wrapping_key_id') ORDER BY 1, 2`);
  const sealed: Sealed[] = [];
  for (const { schema, name, column } of columns) {
    const id = escapeIdentifier(column);
    const { rows } = await client.query<{ key: string; rows: number }>(
      `SELECT ${id} AS key, count(*)::int AS rows FROM ${escapeIdentifier(schema)}.${escapeIdentifier(name)} WHERE ${id} IS NOT NULL GROUP BY 1 ORDER BY 1`);
    sealed.push(...rows.map(({ key, rows: count }) => ({ key, table: `${schema}.${name}`, rows: count })));
  }
  return sealed.toSorted((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
}
