import { context as telemetryContext, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Envelope } from '@crossdock/contracts';
import { contextOf, linkTo } from './trace-of.ts';

/**
 * Runs work as the span of a consumer, by OpenTelemetry's messaging conventions: a child of the producer's span where it
 * is one event, linked to each producer's where there are many.
 */
export async function asConsumerSpan<Result>(
  { topic, consumer, envelopes }: { readonly topic: string; readonly consumer: string; readonly envelopes: readonly Envelope[] },
  work: () => Promise<Result>,
): Promise<Result> {
  const [first] = envelopes;
  if (!first) return work();
  const isOne = envelopes.length === 1;
  const parent = isOne ? contextOf(first.traceparent) : ROOT_CONTEXT;
  const span = trace.getTracer('crossdock.event-bus').startSpan(`process ${first.type}`, {
    kind: SpanKind.CONSUMER,
    links: isOne ? [] : envelopes.flatMap(({ traceparent }) => linkTo(traceparent)),
    attributes: {
      'messaging.system': 'kafka',
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': topic,
      'messaging.consumer.group.name': consumer,
      ...(isOne ? { 'messaging.message.id': first.id } : { 'messaging.batch.message_count': envelopes.length }),
    },
  }, parent);
  try {
    return await telemetryContext.with(trace.setSpan(parent, span), work);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
