import Broker, { type FetchAnswer, type FetchQuestion } from 'kafkajs/src/broker/index.js';
import apiKeys from 'kafkajs/src/protocol/requests/apiKeys.js';
import definitions from 'kafkajs/src/protocol/requests/index.js';
import { FetchSession } from './fetch-session.ts';

/** Each consumer has a `Broker` of its own for each broker, and asks it one question at a time. */
const sessions = new WeakMap<Broker, FetchSession>();

/** Has consumers of kafkajs, which asks for all of its partitions each time and is told of all, ask within sessions. */
export function fetchInSessions(): void {
  Broker.prototype.fetch = async function fetchInSession(this: Broker, question: FetchQuestion): Promise<FetchAnswer> {
    const session = sessions.get(this) ?? new FetchSession();
    sessions.set(this, session);
    const request = this.lookupRequest(apiKeys.Fetch, definitions.requests.Fetch);
    try {
      const answer = await this.connectionPool.send(request({ ...question, ...session.next(question.topics) }));
      session.answered(answer);
      return answer;
    } catch (error) {
      session.end();
      if (error instanceof Error && error.name === 'KafkaJSConnectionClosedError') await this.disconnect();
      throw error;
    }
  };
}
