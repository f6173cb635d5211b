import { context as telemetryContext, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Vendor } from '@crossdock/contracts';

const tracer = trace.getTracer('crossdock.gateway');

/** Takes a webhook as the first span of its trace: vendors send none of their own. */
export async function asWebhookSpan<Result>(vendor: Vendor, work: () => Promise<Result>): Promise<Result> {
  const span = tracer.startSpan('receive webhook', { kind: SpanKind.SERVER, attributes: { 'crossdock.vendor': vendor } }, ROOT_CONTEXT);
  try {
    return await telemetryContext.with(trace.setSpan(ROOT_CONTEXT, span), work);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
