import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dealChanged, orderReceived } from '@crossdock/contracts';
import { createTestTopics, eventually, type TestTopics } from '@crossdock/test-stack';
import type { Consumer, Producer } from 'kafkajs';
import Broker, { type FetchAnswer } from 'kafkajs/src/broker/index.js';
import apiKeys from 'kafkajs/src/protocol/requests/apiKeys.js';
import definitions from 'kafkajs/src/protocol/requests/index.js';

const lastEpoch = -1;
const types = [orderReceived.type, dealChanged.type];
let topics: TestTopics;
let consumer: Consumer;
let producer: Producer;
const received: string[] = [];
/** What brokers have answered, with the broker. */
const answers: Array<{ readonly broker: Broker; readonly answer: FetchAnswer }> = [];

beforeAll(async () => {
  topics = await createTestTopics();
  const { prototype } = Broker;
  const ask = prototype.fetch;
  prototype.fetch = async function askRecorded(question) {
    const answer = await ask.call(this, question);
    answers.push({ broker: this, answer });
    return answer;
  };
  producer = topics.kafka.producer();
  await producer.connect();
  consumer = topics.kafka.consumer({ groupId: `${topics.prefix}sessions`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: types.map((type) => topics.prefix + type), fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message: { value } }) => {
      received.push(value?.toString() ?? '');
    },
  });
});
afterAll(async () => {
  await producer.disconnect();
  await consumer.disconnect();
  await topics.drop();
});

async function sendToAll(round: string): Promise<string[]> {
  const sent: string[] = [];
  for (const type of types) {
    for (const partition of [0, 1]) {
      const value = `${round} ${type} ${partition}`;
      sent.push(value);
      await producer.send({ topic: topics.prefix + type, messages: [{ partition, key: round, value }] });
    }
  }
  return sent;
}

async function untilReceived(sent: readonly string[]): Promise<void> {
  await eventually('what was sent', () => sent.every((value) => received.includes(value)));
  expect(received).toHaveLength(new Set(received).size);
}

describe('a consumer that asks within a session', () => {
  it('is told what comes to each partition, once', async () => {
    await untilReceived(await sendToAll('first'));
    await untilReceived(await sendToAll('second'));
  });

  it('is told of no partition where nothing has come', async () => {
    const before = answers.length;
    await eventually('an answer', () => answers.slice(before).some(({ answer: { errorCode, responses } }) => errorCode === 0 && responses.length === 0));
  });

  it('goes on where the broker has forgotten the session', async () => {
    const { broker, answer: { sessionId = 0 } } = await eventually('a session', () => answers.findLast(({ answer }) => answer.sessionId));
    const before = answers.length;
    const request = broker.lookupRequest(apiKeys.Fetch, definitions.requests.Fetch);
    await broker.connectionPool.send(request({ maxWaitTime: 0, minBytes: 0, maxBytes: 1, topics: [], sessionId, sessionEpoch: lastEpoch, forgottenTopics: [] }));
    await untilReceived(await sendToAll('third'));
    await eventually('another session', () => answers.slice(before).some(({ answer: { sessionId: id = 0 } }) => ![0, sessionId].includes(id)));
  });
});
