import { describe, expect, it } from '@jest/globals';
import { Counter, Gauge, Registry } from 'prom-client';
import { figuresOf } from './service-figures.ts';

describe('the figures of a service', () => {
  it('are put together from its metrics: sums of what is counted, and the oldest of what waits', async () => {
    const registers = [new Registry()];
    const [metrics = new Registry()] = registers;
    const handled = new Counter({ name: 'crossdock_event_handled_total', help: '-', labelNames: ['type'], registers });
    handled.inc({ type: 'one' }, 3);
    handled.inc({ type: 'other' }, 4);
    new Gauge({ name: 'crossdock_outbox_rows', help: '-', registers }).set(5);
    const lag = new Gauge({ name: 'crossdock_consumer_lag_seconds', help: '-', labelNames: ['topic'], registers });
    lag.set({ topic: 'one' }, 2);
    lag.set({ topic: 'other' }, 9);
    const tasks = new Gauge({ name: 'crossdock_tasks', help: '-', labelNames: ['kind', 'state'], registers });
    const ages = new Gauge({ name: 'crossdock_task_oldest_age_seconds', help: '-', labelNames: ['kind', 'state'], registers });
    for (const [kind, count, age] of [['a', 1, 10], ['b', 2, 30]] as const) {
      tasks.set({ kind, state: 'ready' }, count);
      ages.set({ kind, state: 'ready' }, age);
    }
    new Gauge({ name: 'crossdock_vendor_budget_used_ratio', help: '-', labelNames: ['vendor', 'window'], registers }).set({ vendor: 'hubspot', window: 'day' }, 0.5);
    expect(await figuresOf(metrics)).toEqual({
      eventsHandled: 7, outbox: { events: 5, oldestSeconds: 0 }, lag: { messages: 0, oldestSeconds: 9 }, tasks: [{ state: 'ready', tasks: 3, oldestSeconds: 30 }], deadLetters: 0,
      budgets: [{ vendor: 'hubspot', window: 'day', usedRatio: 0.5 }],
    });
  });
});
