/** A page of a list, and the cursor of the next one where there is one. */
interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string | undefined;
}

/** What was read of a list, and whether there is more than was asked for. */
export interface ReadPages<Item> {
  readonly items: readonly Item[];
  readonly isComplete: boolean;
}

/**
 * The things of a list, page after page.
 * @param read asks for the page that a cursor means, the first one without
 */
export async function readPages<Item>(read: (cursor: string | undefined) => Promise<Page<Item>>): Promise<Item[]> {
  return [...(await readFirstPages(read, Number.POSITIVE_INFINITY)).items];
}

/** The same of so many pages, with whether that was all. */
export async function readFirstPages<Item>(read: (cursor: string | undefined) => Promise<Page<Item>>, mostPages: number): Promise<ReadPages<Item>> {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page = await read(cursor);
    items.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  return { items, isComplete: cursor === undefined };
}
