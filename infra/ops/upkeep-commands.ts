import type { Client } from 'pg';
import { serviceNames } from '@crossdock/contracts';
import { agedRowsAtOnce, agedRowsRemoval, type AgedRows, deadLetterRows } from '@crossdock/event-bus';
import { schemaOf } from '@crossdock/service-kit';
import type { Command, Given } from './command.ts';
import { databaseMeaning, databaseOption, withDatabase } from './database.ts';
import { daysOf } from './operands.ts';
import { partitionsCommand } from './partition-command.ts';
import { textTable } from './text-table.ts';

/** What services remove by themselves after the days that their settings say. */
const kept = (given: Given): ReadonlyArray<{ readonly what: string; readonly rows: AgedRows; readonly days: number }> => [
  { what: 'received webhooks', rows: { table: 'gateway.received_webhook', keyColumn: 'dedupe_key', timeColumn: 'received_at' }, days: daysOf(given, 'webhook-days') },
  ...serviceNames.map((name) => ({ what: `dead letters of ${name}`, rows: { ...deadLetterRows, table: `${schemaOf(name)}.${deadLetterRows.table}` }, days: daysOf(given, 'dead-letter-days') })),
];

const retention: Command = {
  name: 'upkeep retention',
  usage: '--webhook-days N --dead-letter-days N [--yes]',
  summary: 'Removes received webhooks and dead letters that are older than that, sooner than services do; without --yes it only counts them',
  options: { ...databaseOption, 'webhook-days': { type: 'string' }, 'dead-letter-days': { type: 'string' }, yes: { type: 'boolean' } },
  meanings: {
    ...databaseMeaning,
    'webhook-days': 'days a received webhook is kept; a repeat of an older one would count as new',
    'dead-letter-days': 'days a dead letter is kept; an older one cannot be replayed any more',
    yes: 'remove them',
  },
  async run({ given, output }) {
    const plan = kept(given);
    return await withDatabase(given, async (client) => {
      const rows: Array<readonly [string, string]> = [];
      for (const each of plan) {
        if (!await exists(client, each.rows.table)) continue; // a service that is not installed
        rows.push([each.what, String(given['yes'] === true ? await remove(client, each.rows, each.days) : await count(client, each.rows, each.days))]);
      }
      output.print(textTable(['WHAT', given['yes'] === true ? 'REMOVED' : 'WOULD BE REMOVED'], rows));
      return 0;
    });
  },
};

const tables: Command = {
  name: 'upkeep tables',
  usage: '',
  summary: 'The largest tables, with their dead rows, last vacuum, and the longest transaction that keeps dead rows',
  options: databaseOption,
  meanings: databaseMeaning,
  async run({ given, output }) {
    return await withDatabase(given, async (client) => {
      const { rows } = await client.query<{ name: string; size: string; live: string; dead: string; vacuumed: string }>(`
        SELECT schemaname || '.' || relname AS name, pg_size_pretty(pg_total_relation_size(relid)) AS size, n_live_tup::text AS live, n_dead_tup::text AS dead,
          coalesce(to_char(greatest(last_vacuum, last_autovacuum) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"'), 'never') AS vacuumed
        FROM pg_stat_user_tables ORDER BY pg_total_relation_size(relid) DESC, name LIMIT 25`);
      output.print(textTable(['TABLE', 'SIZE', 'ROWS', 'DEAD', 'VACUUMED'], rows.map(({ name, size, live, dead, vacuumed }) => [name, size, live, dead, vacuumed])));
      const { rows: [oldest] } = await client.query<{ seconds: number; pid: number; application: string }>(`
        SELECT extract(epoch FROM now() - xact_start)::int AS seconds, pid, application_name AS application FROM pg_stat_activity
        WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid() ORDER BY xact_start LIMIT 1`);
      output.print(oldest === undefined ? 'No other transaction is open.' : `The longest open transaction began ${oldest.seconds} s ago: process ${oldest.pid} of ${oldest.application}.`);
      return 0;
    });
  },
};

export const upkeepCommands: readonly Command[] = [partitionsCommand, retention, tables];

async function exists(client: Client, table: string): Promise<boolean> {
  const { rows: [row] } = await client.query<{ is: boolean }>('SELECT to_regclass($1) IS NOT NULL AS is', [table]);
  return row?.is ?? false;
}

async function count(client: Client, { table, timeColumn }: AgedRows, days: number): Promise<number> {
  const { rows: [row] } = await client.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table} WHERE ${timeColumn} < now() - make_interval(days => $1)`, [days]);
  return row?.count ?? 0;
}

async function remove(client: Client, rows: AgedRows, days: number): Promise<number> {
  let removed = 0;
  for (let isFull = true; isFull;) {
    const { rowCount } = await client.query(agedRowsRemoval(rows), [days]);
    isFull = rowCount === agedRowsAtOnce;
    removed += rowCount ?? 0;
  }
  return removed;
}
