import { asFailure, Failure } from '@crossdock/contracts';
import { parseSaveResults } from '../salesforce.collections.ts';
import { salesforceRecordFailure } from '../salesforce.errors.ts';
import { salesforceLimits } from '../salesforce.limits.ts';
import type { SalesforceSession } from '../salesforce.session.ts';
import { portionsOf, sendComposite } from './composite.ts';

/** Puts records into the recycle bin; one that lies there already stays. A result an id, in order; throws no `Failure`. */
export async function deleteRecords(session: SalesforceSession, operation: string, ids: readonly string[]): Promise<Array<'archived' | Failure>> {
  const results = new Map<string, 'archived' | Failure>();
  const portions = portionsOf([...new Set(ids)], salesforceLimits.collectionSize);
  try {
    const answers = await sendComposite(session, operation, portions.map((some) => ({ method: 'DELETE', path: `composite/sobjects?ids=${some.join(',')}&allOrNone=false` })));
    for (const [index, some] of portions.entries()) {
      const answer = answers[index];
      if (answer instanceof Failure) for (const id of some) results.set(id, answer);
      else for (const [position, saved] of parseSaveResults(answer, operation).entries()) {
        const isThere = !saved.success && saved.errors[0]?.statusCode !== 'ENTITY_IS_DELETED';
        results.set(some[position] ?? '', isThere ? salesforceRecordFailure(operation, saved.errors) : 'archived');
      }
    }
  } catch (thrown) {
    const failure = asFailure(thrown);
    return ids.map((id) => results.get(id) ?? failure);
  }
  return ids.map((id) => results.get(id) ?? new Failure('outcome_unknown', `Salesforce answered ${operation} without a word on one of the records.`));
}
