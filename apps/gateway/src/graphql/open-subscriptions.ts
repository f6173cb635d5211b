import { HttpException } from '@nestjs/common';

/** What one caller may listen to at once in one process; each costs a look a second. */
const mostOfOne = 20;

/** Counts what callers listen to. */
export class OpenSubscriptions {
  readonly #counts = new Map<string, number>();

  /** @returns what takes it out again, once. @throws HttpException 429 `too_many_subscriptions` */
  enter(caller: string): () => void {
    const open = this.#counts.get(caller) ?? 0;
    if (open >= mostOfOne) throw new HttpException({ code: 'too_many_subscriptions', message: `The caller listens to ${mostOfOne} things already; end one of them first.` }, 429);
    this.#counts.set(caller, open + 1);
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      const left = (this.#counts.get(caller) ?? 1) - 1;
      if (left === 0) this.#counts.delete(caller);
      else this.#counts.set(caller, left);
    };
  }
}
