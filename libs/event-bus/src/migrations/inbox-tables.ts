import { infrastructureTablePolicy, tenantTablePolicy } from '@crossdock/tenancy';

/** A partition is reached through the inbox and its policy; by its own name it shows no more than a tenant's rows. */
const partitionPolicy = tenantTablePolicy('partition_name').map((statement) => `EXECUTE format('${
  statement.replaceAll("'", "''").replace('partition_name', '%I')
}', name);`).join('\n      ');

/**
 * The inbox, partitioned by the day of the event's own time, so that a repeat finds its first after midnight too, and the
 * function that keeps the partitions. The service's role may call that and change no table, so it runs with its owner's
 * rights, on this schema's tables only.
 */
export const createInbox = [
  `CREATE TABLE inbox (
    event_day date NOT NULL,
    event_id uuid NOT NULL,
    consumer text NOT NULL,
    tenant_id uuid NOT NULL,
    handled_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (event_day, event_id, consumer)
  ) PARTITION BY RANGE (event_day)`,
  'CREATE TABLE inbox_other_days PARTITION OF inbox DEFAULT',
  `CREATE TABLE inbox_upkeep (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), done_at timestamptz NOT NULL DEFAULT '-infinity')`,
  'INSERT INTO inbox_upkeep DEFAULT VALUES',
  `CREATE TABLE consume_start (
    consumer text NOT NULL,
    topic text NOT NULL,
    kafka_partition integer NOT NULL,
    first_offset bigint NOT NULL,
    last_offset bigint NOT NULL,
    starts smallint NOT NULL,
    PRIMARY KEY (consumer, topic, kafka_partition)
  )`,
  ...infrastructureTablePolicy('inbox'),
  ...tenantTablePolicy('inbox_other_days'),
];

/** @param schema where the function finds its tables, whoever calls it. */
export function createInboxUpkeep(schema: string): string {
  return `
  CREATE FUNCTION keep_inbox_days(retention_days integer) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = "${schema}", pg_temp SET lock_timeout = '2s' AS $$
  DECLARE
    today date := (now() AT TIME ZONE 'UTC')::date;
    day date;
    name text;
  BEGIN
    IF retention_days < 1 THEN RAISE EXCEPTION 'retention_days must be at least 1'; END IF;
    UPDATE inbox_upkeep SET done_at = now() WHERE done_at < now() - interval '50 minutes';
    IF NOT FOUND THEN RETURN false; END IF;
    FOR offset_days IN 0..3 LOOP
      day := today + offset_days;
      name := 'inbox_' || to_char(day, 'YYYYMMDD');
      -- A day that the default partition has rows of stays there: its repeats are found where its first ones are.
      CONTINUE WHEN to_regclass(format('%I', name)) IS NOT NULL OR EXISTS (SELECT 1 FROM inbox WHERE event_day = day);
      EXECUTE format('CREATE TABLE %I PARTITION OF inbox FOR VALUES FROM (%L) TO (%L)', name, day, day + 1);
      ${partitionPolicy}
    END LOOP;
    FOR name IN
      SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = 'inbox'::regclass AND c.relname ~ '^inbox_[0-9]{8}$'
        AND to_date(right(c.relname, 8), 'YYYYMMDD') < today - retention_days
    LOOP
      EXECUTE format('DROP TABLE %I', name);
    END LOOP;
    DELETE FROM inbox WHERE event_day < today - retention_days AND handled_at < now() - make_interval(days => retention_days);
    RETURN true;
  END $$`;
}
