import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { propagation, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { OutboxRow } from './outbox-rows.ts';
import { asSendSpan } from './send-span.ts';

const exporter = new InMemorySpanExporter();
const traceIdOf = (number: number): string => String(number).padStart(32, '0');
/** Rows of so many events, each said in a trace of its own, numbered from 1. */
const rows = (count: number): OutboxRow[] => Array.from({ length: count }, (_, index) => ({
  id: String(index), shard: 0, topic: 'orders', key: '1', payload: JSON.stringify({ traceparent: `00-${traceIdOf(index + 1)}-b7ad6b7169203331-01`, data: {} }),
}));

beforeAll(() => {
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
});
beforeEach(() => exporter.reset());
afterAll(() => {
  trace.disable();
  propagation.disable();
});

describe('the span of a batch on its way to Kafka', () => {
  it('belongs to the trace of its event where that is the only one', async () => {
    await asSendSpan(rows(1), async () => undefined);
    expect(exporter.getFinishedSpans()).toEqual([expect.objectContaining({ links: [], parentSpanContext: expect.objectContaining({ traceId: traceIdOf(1) }) })]);
  });

  it('is a trace of its own for several, linked to those of the first of them', async () => {
    await asSendSpan(rows(100), async () => undefined);
    const [span] = exporter.getFinishedSpans();
    expect(span?.parentSpanContext).toBeUndefined();
    expect(span?.links.map(({ context }) => context.traceId)).toEqual(Array.from({ length: 32 }, (_, index) => traceIdOf(index + 1)));
  });
});
