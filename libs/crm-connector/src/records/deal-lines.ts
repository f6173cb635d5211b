import type { Connection } from '@crossdock/connections';
import type { DealLine, Failure } from '@crossdock/contracts';

/** The lines that a deal shall hold. */
export interface DealLines {
  readonly dealId: string;
  /** Whose lines they are, such as an order's key: lines of others, of people among them, stay as they are. */
  readonly owner: string;
  readonly lines: readonly DealLine[];
  /** The deal was made a moment ago and holds none yet, so that nothing has to be looked up. */
  readonly isNew: boolean;
}

/** Line items of a vendor's own. An account keeps them where its capability `line_items` is available. */
export interface DealLineWriter {
  /**
   * Has each deal hold these lines of their owner, and no others of the same owner: lines that are there already are changed where
   * they differ, others are made or removed. What was done before is found again, never done twice.
   * @returns one result a deal, in order; it does not throw a `Failure`. Where it is one, some of the lines may have been written.
   */
  write(connection: Connection, deals: readonly DealLines[], signal: AbortSignal): Promise<Array<'written' | Failure>>;
}

/** A line that a deal holds at the vendor. */
export interface HeldLine {
  readonly id: string;
  /** By which it is known as a line of the hub's. */
  readonly key: string;
}

/** What there is to do so that a deal holds these lines. */
export interface LineChanges<Wanted> {
  readonly create: readonly Wanted[];
  readonly update: ReadonlyArray<{ readonly id: string; readonly wanted: Wanted }>;
  /** Ids at the vendor: of lines that are not wanted any more, and of doubles. */
  readonly remove: readonly string[];
}

/** @param held lines of the same owner, and no others */
export function lineChanges<Held extends HeldLine, Wanted extends { readonly key: string }>(
  held: readonly Held[], wanted: readonly Wanted[], isSame: (held: Held, wanted: Wanted) => boolean,
): LineChanges<Wanted> {
  const first = new Map<string, Held>();
  for (const line of held) if (!first.has(line.key)) first.set(line.key, line);
  const keys = new Set(wanted.map(({ key }) => key));
  return {
    create: wanted.filter(({ key }) => !first.has(key)),
    update: wanted.flatMap((line) => {
      const present = first.get(line.key);
      return present && !isSame(present, line) ? [{ id: present.id, wanted: line }] : [];
    }),
    remove: held.filter((line) => !keys.has(line.key) || first.get(line.key) !== line).map(({ id }) => id),
  };
}
