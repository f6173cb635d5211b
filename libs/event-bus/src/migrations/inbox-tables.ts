import { createDayPartitionUpkeep, infrastructureTablePolicy, tenantTablePolicy } from '@crossdock/tenancy';

/** The inbox, partitioned by the day of the event's own time, so that a repeat finds its first after midnight too. */
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

/** @param schema that the inbox is in. */
export function createInboxUpkeep(schema: string): string[] {
  return createDayPartitionUpkeep({
    schema, functionName: 'keep_inbox_days', upkeepTable: 'inbox_upkeep', tables: [{ table: 'inbox', dayColumn: 'event_day' }], daysAhead: 3,
    alsoDelete: ['DELETE FROM inbox WHERE event_day < today - retention_days AND handled_at < now() - make_interval(days => retention_days)'],
  });
}
