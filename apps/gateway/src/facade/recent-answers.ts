import { createHash } from 'node:crypto';

/** An answer, and when it was given. */
export interface RecentAnswer {
  readonly answer: unknown;
  readonly atMs: number;
}

interface Kept extends RecentAnswer {
  readonly size: number;
}

/** What is asked, and for whom. */
export interface Question {
  readonly tenantId: string;
  readonly asked: readonly unknown[];
}

/**
 * Answers of services behind that were given a short time ago, in this process's memory: to spare the next question, and to have something to say while
 * what is behind is away. What is kept is bounded in time, size and number; what was not asked for longest goes first.
 */
export class RecentAnswers {
  readonly #kept = new Map<string, Kept>();
  readonly #keptMs: number;
  readonly #maxCharacters: number;
  readonly #nowMs: () => number;
  #characters = 0;

  constructor({ keptMs, maxCharacters, nowMs = Date.now }: { readonly keptMs: number; readonly maxCharacters: number; readonly nowMs?: () => number }) {
    this.#keptMs = keptMs;
    this.#maxCharacters = maxCharacters;
    this.#nowMs = nowMs;
  }

  /** The last answer to the same question of the same tenant, if it is no older than `withinMs`. */
  find(question: Question, withinMs: number): RecentAnswer | undefined {
    const key = keyOf(question);
    const kept = this.#kept.get(key);
    if (!kept) return undefined;
    const ageMs = this.#nowMs() - kept.atMs;
    if (ageMs >= this.#keptMs) this.#drop(key, kept);
    return ageMs < this.#keptMs && ageMs <= withinMs ? kept : undefined;
  }

  keep(question: Question, answer: unknown): void {
    const key = keyOf(question);
    const size = JSON.stringify(answer).length;
    const former = this.#kept.get(key);
    if (former) this.#drop(key, former);
    if (size > this.#maxCharacters / 10) return;
    this.#kept.set(key, { answer, atMs: this.#nowMs(), size });
    this.#characters += size;
    for (const [oldest, kept] of this.#kept) {
      if (this.#characters <= this.#maxCharacters) break;
      this.#drop(oldest, kept);
    }
  }

  #drop(key: string, { size }: Kept): void {
    this.#kept.delete(key);
    this.#characters -= size;
  }
}

/** A digest, so that what was asked for, such as an address, is not kept. */
function keyOf({ tenantId, asked }: Question): string {
  return createHash('sha256').update(JSON.stringify([tenantId, ...asked])).digest('base64');
}
