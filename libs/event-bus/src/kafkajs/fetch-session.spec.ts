import { beforeEach, describe, expect, it } from '@jest/globals';
import type { FetchTopic } from 'kafkajs/src/broker/index.js';
import { FetchSession } from './fetch-session.ts';

const maxBytes = 1_000;
let session: FetchSession;

beforeEach(() => {
  session = new FetchSession();
});

/** @param offsets of each partition, from the first on */
function topic(name: string, ...offsets: readonly number[]): FetchTopic {
  return { topic: name, partitions: offsets.map((offset, partition) => ({ partition, fetchOffset: String(offset), maxBytes })) };
}

describe('a fetch session', () => {
  it('asks for all first, and then for what is another', () => {
    expect(session.next([topic('a', 0, 0), topic('b', 0)])).toEqual({ sessionId: 0, sessionEpoch: 0, topics: [topic('a', 0, 0), topic('b', 0)], forgottenTopics: [] });
    session.answered({ sessionId: 7 });
    expect(session.next([topic('a', 0, 5), topic('b', 0)]))
      .toEqual({ sessionId: 7, sessionEpoch: 1, topics: [{ topic: 'a', partitions: [{ partition: 1, fetchOffset: '5', maxBytes }] }], forgottenTopics: [] });
    session.answered({ sessionId: 7 });
    expect(session.next([topic('a', 0, 5), topic('b', 0)])).toEqual({ sessionId: 7, sessionEpoch: 2, topics: [], forgottenTopics: [] });
  });

  it('names what is not asked for any more', () => {
    session.next([topic('a', 0, 0), topic('b', 0)]);
    session.answered({ sessionId: 7 });
    expect(session.next([topic('a', 0)])).toEqual({
      sessionId: 7, sessionEpoch: 1, topics: [], forgottenTopics: [{ topic: 'a', partitions: [1] }, { topic: 'b', partitions: [0] }],
    });
  });

  it('asks for all once more after a fault, in the place of the session before', () => {
    session.next([topic('a', 0)]);
    session.answered({ sessionId: 7 });
    session.next([topic('a', 1)]);
    session.end();
    expect(session.next([topic('a', 1)])).toEqual({ sessionId: 7, sessionEpoch: 0, topics: [topic('a', 1)], forgottenTopics: [] });
  });

  it('asks for all where the broker has forgotten the session', () => {
    session.next([topic('a', 0)]);
    session.answered({ sessionId: 7 });
    session.next([topic('a', 0)]);
    session.answered({ errorCode: 70, sessionId: 0 });
    expect(session.next([topic('a', 0)])).toMatchObject({ sessionEpoch: 0, topics: [topic('a', 0)] });
  });

  it('asks for all each time where the broker keeps no session', () => {
    session.next([topic('a', 0)]);
    session.answered({ sessionId: 0 });
    expect(session.next([topic('a', 0)])).toMatchObject({ sessionId: 0, sessionEpoch: 0, topics: [topic('a', 0)] });
  });
});
