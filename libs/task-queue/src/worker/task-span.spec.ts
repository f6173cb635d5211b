import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { propagation, trace, type Link } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import type { TaskRow } from '../store/task-row.ts';
import { startTaskSpan } from './task-span.ts';

const traceIds = ['0af7651916cd43dd8448eb211c80319c', '1af7651916cd43dd8448eb211c80319c'] as const;
const askedIn = (traceId: string): string => `00-${traceId}-b7ad6b7169203331-01`;
const row = (traceId: string, attempt: number): TaskRow => ({
  id: '1', tenant_id: '1', kind: 'test', record_key: '1', group_key: '1', coalesces: false, payload: {}, attempt, correlation_id: '1', causation_id: null, traceparent: askedIn(traceId),
});

interface Started {
  readonly traceId: string;
  readonly linked: string[];
}

/** The spans as they began. */
const started: Started[] = [];
const provider = new TracerProvider({
  spanProcessors: [{
    onStart: (span: { spanContext(): { traceId: string }; readonly links: readonly Link[] }) =>
      void started.push({ traceId: span.spanContext().traceId, linked: span.links.map(({ context }) => context.traceId) }),
    onEnd: () => undefined, forceFlush: async () => undefined, shutdown: async () => undefined,
  }],
});

beforeAll(() => {
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
});
afterAll(() => {
  trace.disable();
  propagation.disable();
});

function begin(rows: readonly TaskRow[]): Started | undefined {
  startTaskSpan('test', rows).end();
  return started.at(-1);
}

describe('the span of a task', () => {
  it('belongs to the trace that asked for it at the first try', () => {
    expect(begin([row(traceIds[0], 1)])).toEqual({ traceId: traceIds[0], linked: [] });
  });

  it('is a trace of its own at another try, which may come hours later, linked to the one that asked', () => {
    const again = begin([row(traceIds[0], 2)]);
    expect(again?.linked).toEqual([traceIds[0]]);
    expect(again?.traceId).not.toBe(traceIds[0]);
  });

  it('is linked to each that asked where tasks run together', () => {
    expect(begin([row(traceIds[0], 1), row(traceIds[1], 1)])?.linked).toEqual([...traceIds]);
  });
});
