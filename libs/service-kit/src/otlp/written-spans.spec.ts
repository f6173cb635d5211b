import { describe, expect, it } from '@jest/globals';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Attributes, type Link, type SpanContext } from '@opentelemetry/api';
import { TraceState } from '@opentelemetry/core';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { spanBatchSerializer, WrittenSpans } from './written-spans.ts';

interface ToldSpan {
  readonly name: string;
  readonly scope: { readonly name: string; readonly version?: string; readonly schemaUrl?: string };
  readonly kind: SpanKind;
  readonly parent: SpanContext | undefined;
  readonly startedMs: number;
  readonly tookMs: number;
  readonly attributes: Attributes;
  readonly links: Link[];
  readonly events: ReadonlyArray<{ readonly name: string; readonly attributes: Attributes }>;
  readonly status: { readonly code: SpanStatusCode; readonly message?: string };
}

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.string({ minLength: 100, maxLength: 300 }));
/** The SDK copies values by their keys, and by this one it would set a prototype. */
const key = text.filter((some) => some !== '' && some !== '__proto__');
const number = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double(), fc.constantFrom(2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 63, -(2 ** 63), -0));
const { value: attributeValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 3, depthSize: 'small' }, text, number, fc.boolean(), fc.constant(null), fc.uint8Array(), fc.array(tie('value')), fc.dictionary(key, tie('value'))),
}));
const attributes = fc.dictionary(key, attributeValue, { maxKeys: 5 });
const digits = (count: number): fc.Arbitrary<string> => fc.string({ unit: fc.constantFrom(...Array.from('0123456789abcdefABCDEF')), minLength: count, maxLength: count }).map((some) => `1${some.slice(1)}`);
const spanContext: fc.Arbitrary<SpanContext> = fc.record({
  traceId: digits(32), spanId: digits(16), traceFlags: fc.constantFrom(0, 1), isRemote: fc.boolean(),
  traceState: fc.constantFrom(new TraceState('vendor=value,other=1'), new TraceState()),
});
const toldSpan: fc.Arbitrary<ToldSpan> = fc.record({
  name: text, kind: fc.constantFrom(...Object.values(SpanKind).filter((kind) => typeof kind === 'number')),
  scope: fc.constantFrom({ name: 'first' }, { name: 'second', version: '1.0' }, { name: 'third', version: '2', schemaUrl: 'https://example.com/scope' }),
  parent: fc.option(spanContext, { nil: undefined }),
  startedMs: fc.integer({ min: 1.7e12, max: 4e12 }), tookMs: fc.double({ min: 0, max: 1e8, noNaN: true }),
  attributes, links: fc.array(fc.record({ context: spanContext, attributes }), { maxLength: 3 }), events: fc.array(fc.record({ name: text, attributes }), { maxLength: 3 }),
  status: fc.constantFrom({ code: SpanStatusCode.UNSET }, { code: SpanStatusCode.OK }, { code: SpanStatusCode.ERROR, message: 'It failed – badly.' }),
});

/** The spans as the SDK makes them, in the order of their ends. */
function makeSpans(told: readonly ToldSpan[]): ReadableSpan[] {
  const ended: ReadableSpan[] = [];
  const provider = new TracerProvider({
    sampler: new AlwaysOnSampler(),
    resource: resourceFromAttributes({ 'service.name': 'gateway', 'process.pid': 7, 'process.command_args': ['node', '--import'] }, { schemaUrl: 'https://example.com/resource' }),
    spanProcessors: [{ onStart: () => undefined, onEnd: (span) => void ended.push(span), forceFlush: async () => undefined, shutdown: async () => undefined }],
  });
  for (const { name, scope: { name: scopeName, version, schemaUrl }, parent, startedMs, tookMs, events, status, ...options } of told) {
    const span = provider.getTracer(scopeName, version, { ...(schemaUrl && { schemaUrl }) })
      .startSpan(name, { ...options, startTime: startedMs }, parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT);
    for (const event of events) span.addEvent(event.name, event.attributes, startedMs);
    span.setStatus(status).end(startedMs + tookMs);
  }
  return ended;
}

function write(spans: WrittenSpans, added: readonly ReadableSpan[]): Buffer {
  for (const span of added) spans.add(span);
  const batch = spans.take();
  expect(batch?.count).toBe(added.length);
  return Buffer.from((batch && spanBatchSerializer.serializeRequest(batch)) ?? []);
}

describe('spans that are written when they end', () => {
  it('go out as the SDK would send them, byte for byte', () => {
    fc.assert(fc.property(fc.array(toldSpan, { minLength: 1, maxLength: 8 }), (told) => {
      const spans = makeSpans(told);
      expect(write(new WrittenSpans(), spans).equals(Buffer.from(ProtobufTraceSerializer.serializeRequest(spans) ?? []))).toBe(true);
    }), { numRuns: 300 });
  });

  it('go out once each', () => {
    const [first, second, third] = [1, 2, 3].map((number) => makeSpans([{
      name: `span ${number}`, scope: { name: 'same' }, kind: SpanKind.SERVER, parent: undefined, startedMs: 1.8e12, tookMs: 1, attributes: {}, links: [], events: [], status: { code: SpanStatusCode.UNSET },
    }])[0]);
    if (!first || !second || !third) throw new Error('A span was not recorded.');
    const spans = new WrittenSpans();
    write(spans, [first, second]);
    expect(spans.take()).toBeUndefined();
    expect(write(spans, [third]).equals(Buffer.from(ProtobufTraceSerializer.serializeRequest([third]) ?? []))).toBe(true);
  });
});
