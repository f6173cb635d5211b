import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { contextOf, linkTo } from '../trace-of.ts';
import type { OutboxRow } from './outbox-rows.ts';

/** Enough to find what a batch was about. A busy relay would make one for each event, which costs as much as a span does. */
const mostLinks = 32;
/** Of an envelope; nothing else in it is written so. */
const traceparentPattern = /"traceparent":"([0-9a-f-]{55})"/;

/**
 * Runs the sending of outbox rows as a producer's span, by OpenTelemetry's messaging conventions: part of the trace in which
 * the event was said where it is one, linked to those traces where there are several, of many to those of the first.
 */
export async function asSendSpan(rows: readonly OutboxRow[], send: () => Promise<void>): Promise<void> {
  const [first] = rows;
  if (!first) return send();
  const isOne = rows.length === 1;
  const span = trace.getTracer('crossdock.event-bus').startSpan('send events', {
    kind: SpanKind.PRODUCER,
    attributes: {
      'messaging.system': 'kafka', 'messaging.operation.name': 'send', 'messaging.operation.type': 'send',
      ...(isOne ? { 'messaging.destination.name': first.topic } : { 'messaging.batch.message_count': rows.length }),
    },
  }, isOne ? contextOf(traceparentOf(first)) : ROOT_CONTEXT);
  if (!isOne && span.isRecording()) span.addLinks(rows.slice(0, mostLinks).flatMap((row) => linkTo(traceparentOf(row))));
  try {
    await context.with(trace.setSpan(ROOT_CONTEXT, span), send);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

function traceparentOf({ payload }: OutboxRow): string | undefined {
  return traceparentPattern.exec(payload)?.[1];
}
