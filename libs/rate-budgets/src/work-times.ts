import type { LimitCharge } from './limit-charge.ts';

/** Kinds of calls remembered at once; the one made least recently is forgotten first. */
const mostKinds = 10_000;
/** What the newest call tells weighs so much against all before it. */
const weightOfNewest = 0.2;

/** How long a vendor works on calls of one kind, by what they took lately: what the next is expected to take. */
export class WorkTimes {
  readonly #expectedMs = new Map<string, number>();

  /** Where nothing is known yet the charge keeps its own cost. */
  expectedOf(kind: string, charge: LimitCharge): LimitCharge {
    const expectedMs = charge.isWorkTime ? this.#expectedMs.get(kind) : undefined;
    return expectedMs === undefined ? charge : { ...charge, cost: Math.max(1, Math.ceil(expectedMs)) };
  }

  took(kind: string, durationMs: number): void {
    const before = this.#expectedMs.get(kind) ?? durationMs;
    this.#expectedMs.delete(kind);
    this.#expectedMs.set(kind, before + (durationMs - before) * weightOfNewest);
    const oldest = this.#expectedMs.keys().next();
    if (this.#expectedMs.size > mostKinds && !oldest.done) this.#expectedMs.delete(oldest.value);
  }
}
