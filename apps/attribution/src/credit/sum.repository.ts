import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import type { Contributions } from './contributions.ts';

/** Rows of one statement. */
const mostRows = 20_000;

/** Adds what journeys contribute to the sums that reports read; sums of whole numbers come to the same in any order. */
export async function addToSums(manager: EntityManager, rulesVersion: number, sums: Contributions): Promise<void> {
  const { tenantId } = tenantContext.require();
  for (const rows of pagesOf([...sums.credits()])) {
    const column = <Value>(of: (row: (typeof rows)[number]) => Value): Value[] => rows.map(of);
    await manager.query(
      `INSERT INTO credit_sum (tenant_id, rules_version, dimension, account, key, model, day, currency, amount_minor, parts)
       SELECT $1::uuid, $2::int, * FROM unnest($3::text[], $4::uuid[], $5::text[], $6::text[], $7::date[], $8::text[], $9::bigint[], $10::bigint[])
       ON CONFLICT (tenant_id, rules_version, dimension, day, model, key, currency, account)
       DO UPDATE SET amount_minor = credit_sum.amount_minor + excluded.amount_minor, parts = credit_sum.parts + excluded.parts`,
      [
        tenantId, rulesVersion, column(({ dimension }) => dimension), column(({ account }) => account), column(({ key }) => key), column(({ model }) => model), column(({ day }) => day),
        column(({ currency }) => currency), column(({ amountMinor }) => amountMinor), column(({ parts }) => parts),
      ]);
  }
  for (const rows of pagesOf([...sums.steps()])) {
    const column = <Value>(of: (row: (typeof rows)[number]) => Value): Value[] => rows.map(of);
    await manager.query(
      `INSERT INTO step_sum (tenant_id, rules_version, dimension, account, from_state, to_state, day, count)
       SELECT $1::uuid, $2::int, * FROM unnest($3::text[], $4::uuid[], $5::text[], $6::text[], $7::date[], $8::bigint[])
       ON CONFLICT (tenant_id, rules_version, dimension, day, from_state, to_state, account) DO UPDATE SET count = step_sum.count + excluded.count`,
      [
        tenantId, rulesVersion, column(({ dimension }) => dimension), column(({ account }) => account), column(({ from }) => from), column(({ to }) => to), column(({ day }) => day), column(({ count }) => count),
      ]);
  }
}

function* pagesOf<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += mostRows) yield rows.slice(start, start + mostRows);
}
