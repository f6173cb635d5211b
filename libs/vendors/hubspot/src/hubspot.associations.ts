/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- the SDK's models are shapes that it serialises by name; its documents give them as literals, and its types hold them to the shape. */
import { sendInBatches } from '@crossdock/crm-connector';
import { Failure } from '@crossdock/contracts';
import type { BatchApi } from '@hubspot/api-client/lib/codegen/crm/associations/v4/index.js';
import { z } from 'zod';
import { guarded, hubSpotId } from './hubspot.answers.ts';
import { hubSpotRecordFailure } from './hubspot.errors.ts';
import { hubSpotLimits } from './hubspot.limits.ts';

/** Two kinds of records, by HubSpot's names, such as `deals` and `contacts`. */
export interface AssociationKind {
  readonly from: string;
  readonly to: string;
}

/** A record and those that it shall, or shall not, name. */
export interface AssociationChange {
  readonly id: string;
  readonly toIds: readonly string[];
}

const answerSchema = z.object({
  results: z.array(z.object({
    _from: z.object({ id: hubSpotId }),
    to: z.array(z.object({ toObjectId: hubSpotId })),
    paging: z.object({ next: z.object({ after: z.string() }).nullish() }).nullish(),
  })),
});

/** The ids that each of these records names, to the last page. */
export async function readAssociations(api: BatchApi, { from, to }: AssociationKind, ids: readonly string[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>(ids.map((id) => [id, []]));
  let inputs: Array<{ id: string; after?: string }> = [...found.keys()].map((id) => ({ id }));
  while (inputs.length > 0) {
    const [batch, rest] = [inputs.slice(0, hubSpotLimits.associationReadSize), inputs.slice(hubSpotLimits.associationReadSize)];
    const { results } = guarded(answerSchema, await api.getPage(from, to, { inputs: batch }), 'associations.batchRead');
    for (const { _from, to: ends } of results) found.get(_from.id)?.push(...ends.map(({ toObjectId }) => toObjectId));
    inputs = [...rest, ...results.flatMap(({ _from, paging }) => (paging?.next ? [{ id: _from.id, after: paging.next.after }] : []))];
  }
  return found;
}

/**
 * Associates records; an association that exists stays as it is. One answer a change, in order. Of a record that was merged, what it
 * has become is associated, and answered for under that id.
 */
export function associate(api: BatchApi, { from, to }: AssociationKind, changes: readonly AssociationChange[]): Promise<Array<'done' | Failure>> {
  return changePairs(changes, async (pairs) => {
    const { results, errors = [] } = await api.createDefault(from, to, { inputs: pairs.map(({ id, toId }) => ({ _from: { id }, to: { id: toId } })) });
    // The answer lists each association from both of its ends.
    const made = new Set(results.flatMap((result) => [`${result._from.id} ${result.to.id}`, `${result.to.id} ${result._from.id}`]));
    const listed = new Set(results.flatMap((result) => [result._from.id, result.to.id]));
    return pairs.map(({ id, toId }) => {
      const isListedOtherwise = errors.length === 0 && !(listed.has(id) && listed.has(toId));
      if (made.has(`${id} ${toId}`) || isListedOtherwise) return 'done' as const;
      const error = errors.find(({ context }) => Object.values(context).flat().includes(id));
      return error
        ? hubSpotRecordFailure('associations.batchCreate', error)
        : new Failure('unexpected', `HubSpot did not associate record ${id} of its ${from} with its ${to}.`, { record: `hubspot ${from} ${id}` });
    });
  });
}

/** Takes associations away, whatever their label; one that is not there stays away. One answer a change, in order. */
export function dissociate(api: BatchApi, { from, to }: AssociationKind, changes: readonly AssociationChange[]): Promise<Array<'done' | Failure>> {
  return changePairs(changes, async (pairs) => {
    await api.archive(from, to, { inputs: pairs.map(({ id, toId }) => ({ _from: { id }, to: [{ id: toId }] })) });
    return pairs.map(() => 'done' as const);
  });
}

interface Pair {
  readonly id: string;
  readonly toId: string;
}

async function changePairs(
  changes: readonly AssociationChange[], send: (pairs: readonly Pair[]) => Promise<Array<'done' | Failure>>,
): Promise<Array<'done' | Failure>> {
  const pairs = changes.flatMap(({ id, toIds }) => [...new Set(toIds)].map((toId) => ({ id, toId })));
  const results = await sendInBatches(pairs, { keyOf: ({ id, toId }) => `${id} ${toId}`, maxBatchSize: hubSpotLimits.associationWriteSize, send });
  const failures = new Map(pairs.flatMap(({ id }, index) => {
    const result = results[index];
    return result instanceof Failure ? [[id, result] as const] : [];
  }));
  return changes.map(({ id }) => failures.get(id) ?? 'done');
}
