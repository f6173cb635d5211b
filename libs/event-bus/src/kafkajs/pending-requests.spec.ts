import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { lookForPendingOnly } from './pending-requests.ts';

lookForPendingOnly();

let queue: RequestQueue;
let sent: number[];

beforeEach(() => {
  jest.useFakeTimers();
  sent = [];
  queue = new RequestQueue({
    maxInFlightRequests: null, requestTimeout: 1_000, enforceRequestTimeout: false, clientId: 'test', broker: 'localhost:9092', logger: { debug: () => undefined },
  });
});
afterEach(() => {
  queue.destroy();
  jest.useRealTimers();
});

function push(correlationId: number): void {
  queue.push({ entry: { correlationId, resolve: () => undefined, reject: () => undefined }, expectResponse: true, sendRequest: () => void sent.push(correlationId) });
}

describe('requests of the client of Kafka', () => {
  it('are not looked for while none waits', () => {
    push(1);
    queue.fulfillRequest({ correlationId: 1, size: 0, payload: null });
    expect([sent, jest.getTimerCount()]).toEqual([[1], 0]);
  });

  it('wait while the broker wants fewer, and go out then', () => {
    queue.maybeThrottle(50);
    push(1);
    expect(sent).toEqual([]);
    jest.advanceTimersByTime(100);
    expect([sent, jest.getTimerCount()]).toEqual([[1], 0]);
  });
});
