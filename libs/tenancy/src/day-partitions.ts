import { tenantTablePolicy } from './row-level-security.ts';

/** A table that is partitioned by a `date` column, with a default partition for days that have none of their own. */
interface DayTable {
  readonly table: string;
  readonly dayColumn: string;
}

/** How the partitions of some tables of a schema are kept. */
export interface DayPartitions {
  /** Where the function finds its tables, whoever calls it. */
  readonly schema: string;
  /** `<name>(retention_days integer) RETURNS boolean`: whether it was done, and not by somebody else within the hour. */
  readonly functionName: string;
  /** Holds one row that says when it was done last. */
  readonly upkeepTable: string;
  readonly tables: readonly DayTable[];
  /** Today and so many days more have a partition. */
  readonly daysAhead: number;
  /** Statements for what is kept elsewhere or in default partitions; `today` and `retention_days` may be used. */
  readonly alsoDelete: readonly string[];
}

/** A partition is reached through its table and that one's policy; by its own name it shows no more than a tenant's rows. */
const partitionPolicy = tenantTablePolicy('partition_name').map((statement) => `EXECUTE format('${
  statement.replaceAll("'", "''").replace('partition_name', '%I')
}', name);`).join('\n        ');

/**
 * SQL that makes the function which keeps the partitions, and the row behind it. A service's role may change no table, so the function runs
 * with its owner's rights, on this schema's tables only.
 */
export function createDayPartitionUpkeep({ schema, functionName, upkeepTable, tables, daysAhead, alsoDelete }: DayPartitions): string[] {
  return [
    `CREATE TABLE ${upkeepTable} (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), done_at timestamptz NOT NULL DEFAULT '-infinity')`,
    `INSERT INTO ${upkeepTable} DEFAULT VALUES`,
    `CREATE FUNCTION ${functionName}(retention_days integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = "${schema}", pg_temp SET lock_timeout = '2s' AS $$
    DECLARE
      today date := (now() AT TIME ZONE 'UTC')::date;
      day date;
      name text;
    BEGIN
      IF retention_days < 1 THEN RAISE EXCEPTION 'retention_days must be at least 1'; END IF;
      UPDATE ${upkeepTable} SET done_at = now() WHERE done_at < now() - interval '50 minutes';
      IF NOT FOUND THEN RETURN false; END IF;
${tables.map((each) => keepTable(each, daysAhead)).join('\n')}
      ${alsoDelete.map((statement) => `${statement};`).join('\n      ')}
      RETURN true;
    END $$`,
  ];
}

function keepTable({ table, dayColumn }: DayTable, daysAhead: number): string {
  return `      FOR offset_days IN 0..${daysAhead} LOOP
        day := today + offset_days;
        name := '${table}_' || to_char(day, 'YYYYMMDD');
        -- A day that the default partition has rows of stays there: its repeats are found where its first ones are.
        CONTINUE WHEN to_regclass(format('%I', name)) IS NOT NULL OR EXISTS (SELECT 1 FROM ${table} WHERE ${dayColumn} = day);
        EXECUTE format('CREATE TABLE %I PARTITION OF ${table} FOR VALUES FROM (%L) TO (%L)', name, day, day + 1);
        ${partitionPolicy}
      END LOOP;
      FOR name IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = '${table}'::regclass AND c.relname ~ '^${table}_[0-9]{8}$'
          AND to_date(right(c.relname, 8), 'YYYYMMDD') < today - retention_days
      LOOP
        EXECUTE format('DROP TABLE %I', name);
      END LOOP;`;
}
