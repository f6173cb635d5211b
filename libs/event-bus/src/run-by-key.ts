export interface RunByKeyOptions<Item> {
  readonly keyOf: (item: Item) => string;
  /** How many keys run side by side. */
  readonly concurrency: number;
  readonly isCancelled: () => boolean;
  /** Resolves to false where the item was given up because of cancellation. */
  readonly run: (item: Item) => Promise<boolean>;
}

/**
 * Runs items of one key in order and different keys side by side.
 * @returns the longest run of items from the start that are all done: the part whose offsets may be committed.
 */
export async function runByKey<Item>(items: readonly Item[], options: RunByKeyOptions<Item>): Promise<readonly Item[]> {
  const done = new Set<Item>();
  const chains = [...Map.groupBy(items, options.keyOf).values()];
  const worker = async (): Promise<void> => {
    for (let chain = chains.shift(); chain && !options.isCancelled(); chain = chains.shift()) {
      for (const item of chain) {
        if (options.isCancelled() || !await options.run(item)) return;
        done.add(item);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.concurrency, chains.length) }, worker));
  const firstOpen = items.findIndex((item) => !done.has(item));
  return firstOpen === -1 ? items : items.slice(0, firstOpen);
}
