import { asFailure, Failure, type FailureKind } from '@crossdock/contracts';

export interface IsolatedBatches<Item, Result> {
  /** What the vendor finds the record by. Items of one key never share a call: vendors refuse such a batch whole. */
  readonly keyOf: (item: Item) => string;
  readonly maxBatchSize: number;
  /** One call to the vendor: a result an item, in order. @throws Failure where the vendor refused the whole call. */
  readonly send: (items: readonly Item[]) => Promise<ReadonlyArray<Result | Failure>>;
}

/** Failures that one record of a batch can bring upon all; any other concerns every record. */
const recordFailures: ReadonlySet<FailureKind> = new Set(['invalid', 'not_found', 'conflict']);

/**
 * Sends records in calls of the vendor's size and gives each its own result, in order. A call that the vendor refuses
 * whole for the sake of a record is halved until that record stands alone; any other failure ends the sending, and the
 * records not yet done get it as their result.
 */
export async function sendInBatches<Item, Result>(
  items: readonly Item[], { keyOf, maxBatchSize, send }: IsolatedBatches<Item, Result>,
): Promise<Array<Result | Failure>> {
  const results = new Map<Item, Result | Failure>();
  let stopped: Failure | undefined;

  const sendIsolating = async (batch: readonly Item[]): Promise<void> => {
    if (stopped) return;
    try {
      const answers = await send(batch);
      for (const [index, item] of batch.entries()) results.set(item, answers[index] ?? missingAnswer());
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (!recordFailures.has(failure.kind)) stopped = failure;
      else if (batch.length === 1) for (const item of batch) results.set(item, failure);
      else {
        const half = Math.ceil(batch.length / 2);
        await sendIsolating(batch.slice(0, half));
        await sendIsolating(batch.slice(half));
      }
    }
  };

  for (const batch of batchesOfDistinctKeys(items, keyOf, maxBatchSize)) await sendIsolating(batch);
  return items.map((item) => results.get(item) ?? stopped ?? missingAnswer());
}

/** Splits items into batches that hold each key once, later ones of a key in later batches. */
export function batchesOfDistinctKeys<Item>(items: readonly Item[], keyOf: (item: Item) => string, maxBatchSize: number): Item[][] {
  const batches: Item[][] = [];
  const lastBatchOfKey = new Map<string, number>();
  for (const item of items) {
    const key = keyOf(item);
    let position = (lastBatchOfKey.get(key) ?? -1) + 1;
    while ((batches[position]?.length ?? 0) >= maxBatchSize) position += 1;
    (batches[position] ??= []).push(item);
    lastBatchOfKey.set(key, position);
  }
  return batches;
}

function missingAnswer(): Failure {
  return new Failure('outcome_unknown', 'The vendor answered the call without a word on this record.');
}
