import type { AnyValue, Attributes, Link, SpanContext } from '@opentelemetry/api';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';
import type { ProtobufWriter } from './protobuf-writer.ts';

/** Of a span's flags: that the other one is known, and that the parent is another process's. */
const [hasIsRemote, isRemote] = [256, 512];
const largestInt64 = 2 ** 63;

/**
 * Writes a span as a field of OTLP's `ScopeSpans`, byte for byte as OpenTelemetry's own exporter does.
 * [trace.proto](https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto)
 */
export function writeSpan(writer: ProtobufWriter, field: number, span: ReadableSpan): void {
  const begin = writer.begin(field);
  const { parentSpanContext: parent } = span;
  const context = span.spanContext();
  writeIds(writer, context);
  if (parent?.spanId) writer.hex(4, parent.spanId);
  writer.string(5, span.name);
  writer.uint32(6, span.kind + 1);
  writer.nanoseconds(7, span.startTime);
  writer.nanoseconds(8, span.endTime);
  writeAttributes(writer, 9, span.attributes);
  writer.uint32(10, span.droppedAttributesCount);
  for (const event of span.events) writeEvent(writer, 11, event);
  writer.uint32(12, span.droppedEventsCount);
  for (const link of span.links) writeLink(writer, 13, link);
  writer.uint32(14, span.droppedLinksCount);
  writeStatus(writer, 15, span.status);
  writer.fixed32(16, flagsOf(context, parent));
  writer.end(begin);
}

/** Writes attributes as they stand in spans, scopes and resources. */
export function writeAttributes(writer: ProtobufWriter, field: number, attributes: Attributes): void {
  for (const key in attributes) {
    const begin = writer.begin(field);
    writer.string(1, key);
    writeValue(writer, 2, attributes[key]);
    writer.end(begin);
  }
}

function writeIds(writer: ProtobufWriter, { traceId, spanId, traceState }: SpanContext): void {
  writer.hex(1, traceId);
  writer.hex(2, spanId);
  const state = traceState?.serialize();
  if (state) writer.string(3, state);
}

function writeEvent(writer: ProtobufWriter, field: number, { time, name, attributes, droppedAttributesCount = 0 }: TimedEvent): void {
  const begin = writer.begin(field);
  writer.nanoseconds(1, time);
  writer.string(2, name);
  if (attributes) writeAttributes(writer, 3, attributes);
  writer.uint32(4, droppedAttributesCount);
  writer.end(begin);
}

function writeLink(writer: ProtobufWriter, field: number, { context, attributes, droppedAttributesCount = 0 }: Link): void {
  const begin = writer.begin(field);
  writeIds(writer, context);
  if (attributes) writeAttributes(writer, 4, attributes);
  writer.uint32(5, droppedAttributesCount);
  writer.fixed32(6, flagsOf(context, context));
  writer.end(begin);
}

function writeStatus(writer: ProtobufWriter, field: number, { code, message }: ReadableSpan['status']): void {
  const begin = writer.begin(field);
  if (message) writer.string(2, message);
  writer.uint32(3, code);
  writer.end(begin);
}

function flagsOf({ traceFlags }: SpanContext, parent: SpanContext | undefined): number {
  return traceFlags & 255 | hasIsRemote | (parent?.isRemote ? isRemote : 0);
}

function writeValue(writer: ProtobufWriter, field: number, value: AnyValue): void {
  const begin = writer.begin(field);
  if (typeof value === 'string') writer.string(1, value);
  else if (typeof value === 'boolean') writer.uint32(2, value ? 1 : 0);
  else if (typeof value === 'number') {
    if (Number.isInteger(value) && value >= -largestInt64 && value < largestInt64) writer.int64(3, value);
    else writer.double(4, value);
  } else if (value instanceof Uint8Array) writer.bytes(7, value);
  else if (Array.isArray(value)) {
    const list = writer.begin(5);
    for (const each of value) writeValue(writer, 1, each);
    writer.end(list);
  } else if (typeof value === 'object' && value !== null) {
    const map = writer.begin(6);
    writeAttributes(writer, 1, { ...value });
    writer.end(map);
  }
  writer.end(begin);
}
