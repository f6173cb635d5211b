import { hash } from 'node:crypto';

/** An answer, and when it was given. */
export interface RecentAnswer {
  /** JSON. */
  readonly answer: string;
  readonly atMs: number;
}

/** What is asked, and for whom: a digest, so that what was asked for, such as an address, is not kept. */
export type Question = string;

/** @param asked texts on one line each, as JSON is that was written here. */
export function questionOf(tenantId: string, asked: readonly string[]): Question {
  return hash('sha256', `${tenantId}\n${asked.join('\n')}`, 'base64');
}

/**
 * Answers of services behind that were given a short time ago, in this process's memory: to spare the next question, and to have something to say while
 * what is behind is away. What is kept is bounded in time, size and number; what was not asked for longest goes first.
 */
export class RecentAnswers {
  readonly #kept = new Map<Question, RecentAnswer>();
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
    const kept = this.#kept.get(question);
    if (!kept) return undefined;
    const ageMs = this.#nowMs() - kept.atMs;
    if (ageMs >= this.#keptMs) this.#drop(question, kept);
    return ageMs < this.#keptMs && ageMs <= withinMs ? kept : undefined;
  }

  keep(question: Question, answer: string): void {
    const former = this.#kept.get(question);
    if (former) this.#drop(question, former);
    if (answer.length > this.#maxCharacters / 10) return;
    this.#kept.set(question, { answer, atMs: this.#nowMs() });
    this.#characters += answer.length;
    for (const [oldest, kept] of this.#kept) {
      if (this.#characters <= this.#maxCharacters) break;
      this.#drop(oldest, kept);
    }
  }

  #drop(question: Question, { answer }: RecentAnswer): void {
    this.#kept.delete(question);
    this.#characters -= answer.length;
  }
}
