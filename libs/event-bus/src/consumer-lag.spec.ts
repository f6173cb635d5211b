import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { ConsumerLag } from './consumer-lag.ts';

const message = (offset: number, writtenAtMs: number) => ({ offset: String(offset), timestamp: String(writtenAtMs) });

async function linesOf(registry: Registry): Promise<string[]> {
  return (await registry.metrics()).split('\n').filter((line) => line.startsWith('crossdock_consumer_lag'));
}

describe('the lag of a consumer', () => {
  it('counts what waits over all partitions, and tells the age of the oldest', async () => {
    const registry = new Registry();
    const lag = new ConsumerLag('orders', registry, () => 60_000);
    lag.fetched('a.v1', 0, { end: '10', first: message(4, 50_000) });
    lag.fetched('a.v1', 1, { end: '3', first: message(2, 20_000) });
    expect(await linesOf(registry)).toEqual([
      'crossdock_consumer_lag_messages{consumer="orders",topic="a.v1"} 7', 'crossdock_consumer_lag_seconds{consumer="orders",topic="a.v1"} 40',
    ]);
  });

  it('falls as messages come to their end, and is nothing after the last', async () => {
    const registry = new Registry();
    const lag = new ConsumerLag('orders', registry, () => 60_000);
    lag.fetched('a.v1', 0, { end: '10', first: message(4, 50_000) });
    lag.passed('a.v1', 0, message(6, 52_000), message(7, 55_000));
    expect(await linesOf(registry)).toEqual([
      'crossdock_consumer_lag_messages{consumer="orders",topic="a.v1"} 3', 'crossdock_consumer_lag_seconds{consumer="orders",topic="a.v1"} 5',
    ]);
    lag.passed('a.v1', 0, message(9, 56_000));
    expect(await linesOf(registry)).toEqual([
      'crossdock_consumer_lag_messages{consumer="orders",topic="a.v1"} 0', 'crossdock_consumer_lag_seconds{consumer="orders",topic="a.v1"} 0',
    ]);
  });

  it('is told by others where the partitions were dealt anew', async () => {
    const registry = new Registry();
    const lag = new ConsumerLag('orders', registry, () => 60_000);
    lag.fetched('a.v1', 0, { end: '10', first: message(4, 50_000) });
    lag.forget();
    expect(await linesOf(registry)).toEqual([
      'crossdock_consumer_lag_messages{consumer="orders",topic="a.v1"} 0', 'crossdock_consumer_lag_seconds{consumer="orders",topic="a.v1"} 0',
    ]);
  });
});
