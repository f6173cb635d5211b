import { isSpanContextValid, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { describe, expect, it } from '@jest/globals';
import { idTracerProvider } from './id-tracer.ts';

const tracer = idTracerProvider.getTracer('test');
const parent = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: TraceFlags.SAMPLED };

describe('spans that nobody reads', () => {
  it('have ids of their own in their parent’s trace, and are not kept even where that is', () => {
    const child = tracer.startSpan('call', {}, trace.setSpanContext(ROOT_CONTEXT, parent));
    expect(child.spanContext()).toMatchObject({ traceId: parent.traceId, traceFlags: TraceFlags.NONE });
    expect(child.spanContext().spanId).not.toBe(parent.spanId);
    expect([isSpanContextValid(child.spanContext()), child.isRecording()]).toEqual([true, false]);
  });

  it('begin a trace where there is no parent, or none is wanted', () => {
    const beginnings = [tracer.startSpan('a', {}, ROOT_CONTEXT), tracer.startSpan('b', { root: true }, trace.setSpanContext(ROOT_CONTEXT, parent))].map((span) => span.spanContext());
    expect(beginnings.every(isSpanContextValid)).toBe(true);
    expect(new Set([parent.traceId, ...beginnings.map(({ traceId }) => traceId)]).size).toBe(3);
  });

  it('are handed to the work that runs in them, whose answer they give back', () => {
    expect(tracer.startActiveSpan('a', (span) => isSpanContextValid(span.spanContext()))).toBe(true);
    expect(tracer.startActiveSpan('a', {}, (span) => isSpanContextValid(span.spanContext()))).toBe(true);
    expect(tracer.startActiveSpan('a', {}, trace.setSpanContext(ROOT_CONTEXT, parent), (span) => span.spanContext().traceId)).toBe(parent.traceId);
  });
});
