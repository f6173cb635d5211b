import type { FetchAnswer, FetchQuestion, FetchSessionPart, FetchTopic } from 'kafkajs/src/broker/index.js';

const noSession = 0;
const firstEpoch = 0;
const lastEpoch = 2_147_483_647;

/**
 * What one broker remembers of one consumer's questions (KIP-227): after a first, whole one, a question names the partitions of which something else is asked, and the
 * answer those that have something. Most partitions have nothing new most of the time, and each that is named costs both sides.
 */
export class FetchSession {
  #id = noSession;
  #epoch = firstEpoch;
  /** What the broker was asked last, by topic and partition. */
  #asked: ReadonlyMap<string, ReadonlyMap<number, string>> = new Map();

  /** @returns the question, as far as it is another than the last one. */
  next(topics: FetchQuestion['topics']): FetchSessionPart & Pick<FetchQuestion, 'topics'> {
    const before = this.#asked;
    this.#asked = new Map(topics.map(({ topic, partitions }) =>
      [topic, new Map(partitions.map(({ partition, fetchOffset, maxBytes }) => [partition, `${fetchOffset}/${maxBytes}`]))]));
    const session = { sessionId: this.#id, sessionEpoch: this.#epoch };
    if (this.#epoch === firstEpoch) return { ...session, topics, forgottenTopics: [] };
    return { ...session, topics: this.#changed(topics, before), forgottenTopics: this.#forgotten(before) };
  }

  /** The broker has answered: it knows the question from now on, unless it keeps no session. */
  answered({ errorCode = 0, sessionId = noSession }: Pick<FetchAnswer, 'errorCode' | 'sessionId'>): void {
    if (errorCode !== 0 || sessionId === noSession) return this.end();
    this.#id = sessionId;
    this.#epoch = this.#epoch === lastEpoch ? firstEpoch + 1 : this.#epoch + 1;
  }

  /** Nobody knows what the broker knows: the next question is whole and puts a new session in the place of this one. */
  end(): void {
    this.#epoch = firstEpoch;
  }

  #changed(topics: readonly FetchTopic[], before: ReadonlyMap<string, ReadonlyMap<number, string>>): FetchTopic[] {
    return topics.flatMap(({ topic, partitions }) => {
      const [asked, known] = [this.#asked.get(topic), before.get(topic)];
      const changed = partitions.filter(({ partition }) => asked?.get(partition) !== known?.get(partition));
      return changed.length > 0 ? [{ topic, partitions: changed }] : [];
    });
  }

  #forgotten(before: ReadonlyMap<string, ReadonlyMap<number, string>>): FetchSessionPart['forgottenTopics'] {
    return [...before].flatMap(([topic, known]) => {
      const asked = this.#asked.get(topic);
      const partitions = [...known.keys()].filter((partition) => asked?.has(partition) !== true);
      return partitions.length > 0 ? [{ topic, partitions }] : [];
    });
  }
}
