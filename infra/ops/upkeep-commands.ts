import { Client } from 'pg';
import { serviceNames } from '@crossdock/contracts';
import { schemaOf } from '@crossdock/service-kit';
import { type Command, type Given, textOf } from './command.ts';
import { textTable } from './text-table.ts';
import { UsageFault } from './usage-fault.ts';

/** Rows that one statement removes, so that none holds locks for long. */
const BATCH_ROWS = 5_000;
const SHORTEST_DAYS = 1;

const connectOption = { 'database-env': { type: 'string' } } as const;
const connectMeaning = { 'database-env': 'environment variable with the administrator’s address of the database (DATABASE_ADMIN_URL)' };

/** What is kept until an operator removes it: by table, with the column of its age. */
const kept = (given: Given): ReadonlyArray<{ readonly what: string; readonly table: string; readonly key: string; readonly age: string; readonly days: number }> => [
  { what: 'received webhooks', table: 'gateway.received_webhook', key: 'dedupe_key', age: 'received_at', days: daysOf(given, 'webhook-days') },
  ...serviceNames.map((name) => ({ what: `dead letters of ${name}`, table: `${schemaOf(name)}.dead_letter`, key: 'id', age: 'created_at', days: daysOf(given, 'dead-letter-days') })),
];

const retention: Command = {
  name: 'upkeep retention',
  usage: '--webhook-days N --dead-letter-days N [--yes]',
  summary: 'Removes received webhooks and dead letters that are older than that; without --yes it only counts them',
  options: { ...connectOption, 'webhook-days': { type: 'string' }, 'dead-letter-days': { type: 'string' }, yes: { type: 'boolean' } },
  meanings: {
    ...connectMeaning,
    'webhook-days': 'days a received webhook is kept; a repeat of an older one would count as new',
    'dead-letter-days': 'days a dead letter is kept; an older one cannot be replayed any more',
    yes: 'remove them',
  },
  async run({ given, output }) {
    const plan = kept(given);
    return await withDatabase(given, async (client) => {
      const rows: Array<readonly [string, string]> = [];
      for (const { what, table, key, age, days } of plan) {
        if (!await exists(client, table)) continue; // a service that is not installed
        const old = `${age} < now() - make_interval(days => ${days})`;
        rows.push([what, String(given['yes'] === true ? await remove(client, table, key, old) : await count(client, table, old))]);
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
  options: connectOption,
  meanings: connectMeaning,
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

export const upkeepCommands: readonly Command[] = [retention, tables];

function daysOf(given: Given, option: string): number {
  const days = Number(textOf(given, option));
  if (!Number.isInteger(days) || days < SHORTEST_DAYS) throw new UsageFault(`--${option} takes a whole number of days from ${SHORTEST_DAYS}.`);
  return days;
}

async function exists(client: Client, table: string): Promise<boolean> {
  const { rows: [row] } = await client.query<{ is: boolean }>('SELECT to_regclass($1) IS NOT NULL AS is', [table]);
  return row?.is ?? false;
}

async function count(client: Client, table: string, condition: string): Promise<number> {
  const { rows: [row] } = await client.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table} WHERE ${condition}`);
  return row?.count ?? 0;
}

async function remove(client: Client, table: string, key: string, condition: string): Promise<number> {
  let removed = 0;
  for (let rows = BATCH_ROWS; rows === BATCH_ROWS;) {
    const { rowCount } = await client.query(`DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ${BATCH_ROWS})`);
    rows = rowCount ?? 0;
    removed += rows;
  }
  return removed;
}

async function withDatabase(given: Given, work: (client: Client) => Promise<number>): Promise<number> {
  const variable = textOf(given, 'database-env') ?? 'DATABASE_ADMIN_URL';
  const connectionString = process.env[variable];
  if (!connectionString) throw new UsageFault(`The environment variable ${variable} is not set: it names the database and a role that sees all tenants.`);
  const client = new Client({ connectionString, application_name: 'crossdock-ops' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
