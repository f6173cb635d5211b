import { propagation, ROOT_CONTEXT, trace, type Context, type Link } from '@opentelemetry/api';

/** The trace in which an event was said; none where it names none. */
export function contextOf(traceparent: string | undefined): Context {
  return traceparent === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent });
}

/** A link to where an event was said. */
export function linkTo(traceparent: string | undefined): Link[] {
  const context = trace.getSpanContext(contextOf(traceparent));
  return context ? [{ context }] : [];
}
