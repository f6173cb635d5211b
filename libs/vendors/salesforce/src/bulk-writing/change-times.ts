import { Failure } from '@crossdock/contracts';
import type { RecordWritten } from '@crossdock/crm-connector';
import { z } from 'zod';
import { portionsOf, queryAllRows } from '../records/composite.ts';
import type { SObjectName } from '../records/object-types.ts';
import { salesforceLimits } from '../salesforce.limits.ts';
import { inList } from '../salesforce.query.ts';
import type { SalesforceSession } from '../salesforce.session.ts';

const rowSchema = z.object({ Id: z.string(), SystemModstamp: z.string() });

/** When the records that were written were changed, by their ids; a job's results do not tell it. */
export async function changeTimesOf(session: SalesforceSession, type: SObjectName, outcomes: ReadonlyArray<RecordWritten | Failure>): Promise<Map<string, string>> {
  const ids = outcomes.flatMap((outcome) => (outcome instanceof Failure ? [] : [outcome.id]));
  const queries = portionsOf(ids, salesforceLimits.idsPerSubquery).map((some) => `SELECT Id, SystemModstamp FROM ${type} WHERE Id IN ${inList(some)}`);
  const rows = z.array(rowSchema).parse(await queryAllRows(session, 'records.get', queries));
  return new Map(rows.map(({ Id, SystemModstamp }) => [Id, new Date(SystemModstamp).toISOString()]));
}
