import { textArray, uuidArray } from '@crossdock/event-bus';
import { runLater, tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import type { Contributions } from './contributions.ts';

/** Rows of one statement. */
const mostRows = 20_000;

/** Adds what journeys contribute to the sums that reports read, with the transaction's next statement; sums of whole numbers come to the same in any order. */
export function addToSums(manager: EntityManager, rulesVersion: number, sums: Contributions): void {
  const { tenantId } = tenantContext.require();
  for (const rows of pagesOf([...sums.credits()])) {
    const column = <Value>(of: (row: (typeof rows)[number]) => Value): Value[] => rows.map(of);
    runLater(manager, {
      text: `INSERT INTO credit_sum (tenant_id, rules_version, dimension, account, key, model, day, currency, amount_minor, parts)
       SELECT $1::uuid, $2::int, dimension, account, key, model, day::date, currency, amount_minor, parts
       FROM unnest($3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::bigint[]) AS new (dimension, account, key, model, day, currency, amount_minor, parts)
       ON CONFLICT (tenant_id, rules_version, dimension, day, model, key, currency, account)
       DO UPDATE SET amount_minor = credit_sum.amount_minor + excluded.amount_minor, parts = credit_sum.parts + excluded.parts`,
      values: [
        tenantId, String(rulesVersion), textArray(column(({ dimension }) => dimension)), uuidArray(column(({ account }) => account)), textArray(column(({ key }) => key)),
        textArray(column(({ model }) => model)), textArray(column(({ day }) => day)), textArray(column(({ currency }) => currency)), column(({ amountMinor }) => String(amountMinor)), column(({ parts }) => String(parts)),
      ],
    });
  }
  for (const rows of pagesOf([...sums.steps()])) {
    const column = <Value>(of: (row: (typeof rows)[number]) => Value): Value[] => rows.map(of);
    runLater(manager, {
      text: `INSERT INTO step_sum (tenant_id, rules_version, dimension, account, from_state, to_state, day, count)
       SELECT $1::uuid, $2::int, dimension, account, from_state, to_state, day::date, count
       FROM unnest($3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::bigint[]) AS new (dimension, account, from_state, to_state, day, count)
       ON CONFLICT (tenant_id, rules_version, dimension, day, from_state, to_state, account) DO UPDATE SET count = step_sum.count + excluded.count`,
      values: [
        tenantId, String(rulesVersion), textArray(column(({ dimension }) => dimension)), uuidArray(column(({ account }) => account)), textArray(column(({ from }) => from)),
        textArray(column(({ to }) => to)), textArray(column(({ day }) => day)), column(({ count }) => String(count)),
      ],
    });
  }
}

function* pagesOf<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += mostRows) yield rows.slice(start, start + mostRows);
}
