import { context as telemetryContext, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Vendor } from '@crossdock/contracts';

const tracer = trace.getTracer('crossdock.gateway');

/**
 * Takes a webhook as the first span of its trace. The HTTP instrumentation leaves these requests alone
 * (`telemetry.ts` of service-kit): it describes each in full before anybody asks whether the trace is kept at all.
 * Vendors send no trace of their own.
 */
export async function asWebhookSpan<Result>(vendor: Vendor, work: () => Promise<Result>): Promise<Result> {
  const span = tracer.startSpan('receive webhook', { kind: SpanKind.SERVER, root: true, attributes: { 'crossdock.vendor': vendor } });
  try {
    return await telemetryContext.with(trace.setSpan(telemetryContext.active(), span), work);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
