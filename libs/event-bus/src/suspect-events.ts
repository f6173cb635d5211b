import type { ConsumeStarts, OpenStart } from './consume-starts.ts';
import type { EventAttempts } from './event-attempts.ts';
import { parseEvent } from './event-parser.ts';
import type { ReceivedMessage } from './received-message.ts';

/** A message with which the process ended this often is put aside unhandled. */
const startsBeforeDeadLetter = 3;

/** Messages that a process had begun when it ended: one of them may have been the cause. */
export class SuspectEvents {
  readonly #starts: ConsumeStarts;
  readonly #attempts: EventAttempts;
  /** By partition: what was begun before this process came, and not ended. */
  readonly #open = new Map<string, OpenStart>();

  constructor(starts: ConsumeStarts, attempts: EventAttempts) {
    this.#starts = starts;
    this.#attempts = attempts;
  }

  /** What of a message's partition is under suspicion. */
  find(message: ReceivedMessage): OpenStart | undefined {
    return this.#open.get(nameOf(message));
  }

  /**
   * Takes messages one by one, each counted before it is handled, so that the one which ends the process shows. Ends where
   * the suspicion ends.
   * @returns how many from the first on have come to their end.
   */
  async process(messages: readonly ReceivedMessage[], suspect: OpenStart): Promise<number> {
    const name = nameOf(suspect);
    this.#open.set(name, suspect);
    let done = 0;
    for (const message of messages) {
      const { offset } = message;
      if (BigInt(offset) > BigInt(suspect.last)) {
        this.#open.delete(name);
        break;
      }
      const isCovered = BigInt(offset) >= BigInt(suspect.first);
      const isDone = isCovered ? await this.#processOne(message, suspect.starts) : await this.#attempts.process(message);
      if (!isDone) break;
      done += 1;
    }
    if (done > 0 && BigInt(messages[done - 1]?.offset ?? 0) === BigInt(suspect.last)) this.#open.delete(name);
    return done;
  }

  async #processOne(message: ReceivedMessage, starts: number): Promise<boolean> {
    const { topic, partition, offset, value } = message;
    if (starts < startsBeforeDeadLetter) {
      const counted = await this.#attempts.untilItHolds(message, () => this.#starts.count({ topic, partition, first: offset, last: offset }, starts + 1));
      return counted && await this.#attempts.process(message);
    }
    const parsed = parseEvent(value);
    const tenantId = parsed.ok ? parsed.envelope.tenantid : parsed.tenantId;
    return this.#attempts.untilItHolds(message, () =>
      this.#attempts.putAside(message, { reason: 'unexpected', error: `The process ended ${starts} times while it handled this event.`, tenantId }));
  }
}

function nameOf({ topic, partition }: Pick<OpenStart, 'topic' | 'partition'>): string {
  return `${topic}/${partition}`;
}
