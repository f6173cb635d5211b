/** Something that was accepted: it must have its effect once, and after everything accepted before it for the same record. */
export interface Accepted {
  readonly id: string;
  readonly record: string;
  /** 1, 2, 3, … within its record, in the order of acceptance. */
  readonly sequence: number;
}

/** What is wrong with one accepted thing or one effect. */
export interface Fault {
  readonly id: string;
  readonly what: string;
}

export interface Judgement {
  readonly accepted: number;
  readonly lost: readonly Fault[];
  readonly doubled: readonly Fault[];
  readonly outOfOrder: readonly Fault[];
}

/**
 * Compares what was accepted with the effects, by the ids of what they are effects of, in the order in which they happened.
 * An effect of something that was never accepted counts as doubled: it happened once more than it should have.
 */
export function judge(accepted: readonly Accepted[], effects: readonly string[]): Judgement {
  const byId = new Map(accepted.map((item) => [item.id, item]));
  const times = new Map<string, number>();
  const highest = new Map<string, number>();
  const outOfOrder: Fault[] = [];
  for (const id of effects) {
    const seen = times.get(id) ?? 0;
    times.set(id, seen + 1);
    const item = byId.get(id);
    if (item === undefined || seen > 0) continue;
    const before = highest.get(item.record) ?? 0;
    if (item.sequence < before) outOfOrder.push({ id, what: `${item.record} #${item.sequence} had its effect after #${before}` });
    highest.set(item.record, Math.max(before, item.sequence));
  }
  return {
    accepted: accepted.length,
    lost: accepted.filter(({ id }) => !times.has(id)).map(({ id, record, sequence }) => ({ id, what: `${record} #${sequence} had no effect` })),
    doubled: [...times].flatMap(([id, count]) => {
      const item = byId.get(id);
      if (item === undefined) return [{ id, what: 'had an effect and was never accepted' }];
      return count > 1 ? [{ id, what: `${item.record} #${item.sequence} had ${count} effects` }] : [];
    }),
    outOfOrder,
  };
}
