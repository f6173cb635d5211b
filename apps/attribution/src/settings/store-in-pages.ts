/** What is gathered to be stored at once. */
export interface FactPage<Fact> {
  /** Takes some more; what follows from them is worked out here. */
  add(facts: readonly Fact[]): void;
  store(): Promise<void>;
}

/**
 * Gathers what is read into pages, and stores each; while one is stored, the next is read and worked out. The last page is stored however few it holds.
 * Whatever fails meanwhile, nothing is stored any more when this has ended.
 */
export async function storeInPages<Fact>(
  { next, readAtOnce, pageSize }: { readonly next: (atMost: number) => Promise<Fact[]>; readonly readAtOnce: number; readonly pageSize: number },
  begin: () => FactPage<Fact>,
): Promise<void> {
  let [page, held] = [begin(), 0];
  let [coming, stored] = [next(readAtOnce), Promise.resolve()];
  const handOver = async (): Promise<void> => {
    await stored;
    stored = page.store();
    stored.catch(() => undefined);
    [page, held] = [begin(), 0];
  };
  try {
    for (let facts = await coming; facts.length > 0; facts = await coming) {
      coming = next(readAtOnce);
      coming.catch(() => undefined);
      page.add(facts);
      held += facts.length;
      if (held >= pageSize) await handOver();
    }
    if (held > 0) await handOver();
  } finally {
    await Promise.allSettled([stored]);
  }
  await stored;
}
