import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import type { Contributions } from './contributions.ts';

/** Rows of one statement. */
const mostRows = 20_000;

/** Adds what journeys contribute to the sums that reports read; sums of whole numbers come to the same in any order. */
export async function addToSums(manager: EntityManager, rulesVersion: number, { credits, steps }: Contributions): Promise<void> {
  const { tenantId } = tenantContext.require();
  const creditRows = [...credits].filter(([, [amountMinor, parts]]) => amountMinor !== 0 || parts !== 0).map(([key, sum]) => [...key.split('\n'), ...sum]);
  for (const rows of pagesOf(creditRows)) {
    await manager.query(
      `INSERT INTO credit_sum (tenant_id, rules_version, dimension, key, model, day, currency, amount_minor, parts)
       SELECT $1::uuid, $2::int, * FROM unnest($3::text[], $4::text[], $5::text[], $6::date[], $7::text[], $8::bigint[], $9::bigint[])
       ON CONFLICT (tenant_id, rules_version, dimension, day, model, key, currency)
       DO UPDATE SET amount_minor = credit_sum.amount_minor + excluded.amount_minor, parts = credit_sum.parts + excluded.parts`,
      [tenantId, rulesVersion, ...columnsOf(rows, 7)]);
  }
  const stepRows = [...steps].filter(([, count]) => count !== 0).map(([key, count]) => [...key.split('\n'), count]);
  for (const rows of pagesOf(stepRows)) {
    await manager.query(
      `INSERT INTO step_sum (tenant_id, rules_version, dimension, from_state, to_state, day, count)
       SELECT $1::uuid, $2::int, * FROM unnest($3::text[], $4::text[], $5::text[], $6::date[], $7::bigint[])
       ON CONFLICT (tenant_id, rules_version, dimension, day, from_state, to_state) DO UPDATE SET count = step_sum.count + excluded.count`,
      [tenantId, rulesVersion, ...columnsOf(rows, 5)]);
  }
}

function* pagesOf<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += mostRows) yield rows.slice(start, start + mostRows);
}

function columnsOf(rows: ReadonlyArray<ReadonlyArray<string | number>>, width: number): Array<Array<string | number>> {
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? ''));
}
