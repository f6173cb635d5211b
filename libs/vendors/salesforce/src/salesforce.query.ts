import { Failure } from '@crossdock/contracts';
import type { Connection as JsforceConnection } from 'jsforce/lib/connection.js';
import { z } from 'zod';
import { salesforceLimits } from './salesforce.limits.ts';

/** Runs a query for some values at a time, as many as fit into its address, and gives all rows of all its pages. */
export async function selectAll<Schema extends z.ZodType>(
  jsforce: JsforceConnection, row: Schema, values: readonly string[], valuesPerQuery: number, soqlFor: (some: readonly string[]) => string,
): Promise<Array<z.infer<Schema>>> {
  const rows: Array<z.infer<Schema>> = [];
  for (let start = 0; start < values.length; start += valuesPerQuery) {
    const soql = soqlFor(values.slice(start, start + valuesPerQuery));
    const { records } = await jsforce.query(soql, { autoFetch: true, maxFetch: salesforceLimits.maxRows });
    const parsed = z.array(row).safeParse(records);
    if (!parsed.success) throw new Failure('unexpected', "Salesforce's answer to a query is not as documented.", { cause: parsed.error });
    rows.push(...parsed.data);
  }
  return rows;
}

/** Text values as the right side of IN; quotes and backslashes in them stay text. */
export function inList(values: readonly string[]): string {
  const quoted = values.map((value) => `'${value.replace(/[\\'"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`);
  return `(${quoted.join(',')})`;
}
