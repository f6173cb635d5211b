import { type Client, escapeIdentifier } from 'pg';
import { type Command, textOf } from './command.ts';
import { databaseMeaning, databaseOption, withDatabase } from './database.ts';
import { daysOf } from './operands.ts';
import { textTable } from './text-table.ts';
import { UsageFault } from './usage-fault.ts';

/** What services do each hour by a function of their schema, and the row by which one of all replicas does it. */
const kinds = [
  { option: 'inbox-days', keeper: 'keep_inbox_days', noted: 'inbox_upkeep' },
  { option: 'call-days', keeper: 'keep_call_days', noted: 'vendor_call_upkeep' },
  { option: 'journal-days', keeper: 'keep_journal_days', noted: 'journal_upkeep' },
] as const;

export const partitionsCommand: Command = {
  name: 'upkeep partitions',
  usage: '[--inbox-days N] [--call-days N] [--journal-days N] [--yes]',
  summary: 'The tables that are partitioned by day; with days and --yes their partitions are made ahead and the older ones dropped, now',
  options: { ...databaseOption, 'inbox-days': { type: 'string' }, 'call-days': { type: 'string' }, 'journal-days': { type: 'string' }, yes: { type: 'boolean' } },
  meanings: {
    ...databaseMeaning,
    'inbox-days': 'days that the inboxes are kept, as INBOX_RETENTION_DAYS; with fewer than topics keep, a repeated event has its effect twice',
    'call-days': 'days that the record of vendor calls is kept, as CALL_LOG_RETENTION_DAYS',
    'journal-days': 'days that the journal is kept, as JOURNAL_RETENTION_DAYS',
    yes: 'make and drop them',
  },
  async run({ given, output }) {
    const wanted = kinds.flatMap((kind) => (textOf(given, kind.option) === undefined ? [] : [{ ...kind, days: daysOf(given, kind.option) }]));
    if (given['yes'] === true && wanted.length === 0) throw new UsageFault('Say of what, and for how long it is kept: --inbox-days N, --call-days N or --journal-days N.');
    return await withDatabase(given, async (client) => {
      if (given['yes'] === true) for (const each of wanted) await keepDays(client, each);
      const rows = await partitionedTables(client);
      output.print(textTable(['TABLE', 'DAYS', 'FIRST', 'LAST', 'ROWS OF OTHER DAYS'], rows.map(({ name, days, first, last, others }) => [name, String(days), first ?? '-', last ?? '-', others])));
      if (given['yes'] !== true && wanted.length > 0) output.print('Nothing was changed: say --yes.');
      return 0;
    });
  },
};

/** Has it done in each schema that has such tables, also where it was done within the hour. */
async function keepDays(client: Client, { keeper, noted, days }: { readonly keeper: string; readonly noted: string; readonly days: number }): Promise<void> {
  const { rows } = await client.query<{ schema: string }>('SELECT n.nspname AS schema FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.proname = $1 ORDER BY 1', [keeper]);
  for (const { schema } of rows) {
    await client.query(`UPDATE ${escapeIdentifier(schema)}.${escapeIdentifier(noted)} SET done_at = '-infinity'`);
    await client.query(`SELECT ${escapeIdentifier(schema)}.${escapeIdentifier(keeper)}($1)`, [days]);
  }
}

async function partitionedTables(client: Client): Promise<Array<{ name: string; days: number; first: string | null; last: string | null; others: string }>> {
  const { rows } = await client.query<{ name: string; days: number; first: string | null; last: string | null; others: string }>(`
    SELECT n.nspname || '.' || parent.relname AS name, count(*) FILTER (WHERE part.relname ~ '_[0-9]{8}$')::int AS days,
      to_char(min(to_date(substring(part.relname from '_([0-9]{8})$'), 'YYYYMMDD')), 'YYYY-MM-DD') AS first,
      to_char(max(to_date(substring(part.relname from '_([0-9]{8})$'), 'YYYYMMDD')), 'YYYY-MM-DD') AS last,
      coalesce(sum(pg_stat_get_live_tuples(part.oid)) FILTER (WHERE part.relname !~ '_[0-9]{8}$'), 0)::text AS others
    FROM pg_class parent JOIN pg_namespace n ON n.oid = parent.relnamespace
      JOIN pg_inherits i ON i.inhparent = parent.oid JOIN pg_class part ON part.oid = i.inhrelid
    WHERE parent.relkind = 'p' GROUP BY 1 ORDER BY 1`);
  return rows;
}
