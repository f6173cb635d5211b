import { chunksOf } from '@crossdock/crm-connector';
import { z } from 'zod';
import type { ZohoApi } from './zoho.api.ts';
import { zohoLimits } from './zoho.limits.ts';

export type ZohoModule = 'Contacts' | 'Accounts' | 'Deals';

export interface CoqlQuery {
  readonly module: ZohoModule;
  readonly fields: readonly string[];
  /** At most two conditions: Zoho wants brackets around more. */
  readonly where: string;
  readonly orderBy?: string;
  readonly limit?: number;
  /** Metric label from a small fixed set. */
  readonly operation: string;
}

/** One query. @throws Failure */
export async function runQuery<Schema extends z.ZodType>(api: ZohoApi, rowSchema: Schema, query: CoqlQuery): Promise<Array<z.infer<Schema>>> {
  const { module, fields, where, orderBy, limit = zohoLimits.rowsPerQuery, operation } = query;
  const order = orderBy === undefined ? '' : ` order by ${orderBy}`;
  const answer = await api.send(z.object({ data: z.array(rowSchema) }), {
    method: 'POST', path: 'coql', operation, body: { select_query: `select ${fields.join(', ')} from ${module} where ${where}${order} limit ${limit}` },
  });
  return answer?.data ?? [];
}

export interface ValueQuery {
  readonly module: ZohoModule;
  readonly fields: readonly string[];
  /** The field that has one of the values. */
  readonly where: string;
  readonly values: readonly string[];
  readonly operation: string;
}

/** Records by the values of one field, in queries of fifty values. @throws Failure */
export async function queryByValues<Schema extends z.ZodType>(
  api: ZohoApi, rowSchema: Schema, { module, fields, where, values, operation }: ValueQuery,
): Promise<Array<z.infer<Schema>>> {
  const rows: Array<z.infer<Schema>> = [];
  for (const some of chunksOf(values, zohoLimits.valuesPerQuery)) {
    const list = some.map((value) => `'${value.replace(/[\\']/g, (sign) => `\\${sign}`)}'`).join(', ');
    rows.push(...await runQuery(api, rowSchema, { module, fields, where: `${where} in (${list})`, operation }));
  }
  return rows;
}

export const isRecordId = (id: string): boolean => /^[0-9]{1,19}$/.test(id);
