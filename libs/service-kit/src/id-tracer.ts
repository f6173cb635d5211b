import { randomBytes } from 'node:crypto';
import { context, isSpanContextValid, trace, TraceFlags, type Context, type Span, type SpanOptions, type Tracer, type TracerProvider } from '@opentelemetry/api';

/**
 * Gives each span an id, in its parent's trace or a new one, and keeps nothing of it. The SDK's own tracer copies and checks what a span would hold before it asks
 * whether anybody wants it.
 */
class IdTracer implements Tracer {
  startSpan(_name: string, { root = false }: SpanOptions = {}, parentContext: Context = context.active()): Span {
    const parent = root ? undefined : trace.getSpanContext(parentContext);
    const isValid = parent !== undefined && isSpanContextValid(parent);
    return trace.wrapSpanContext({
      traceId: isValid ? parent.traceId : randomDigits(32), spanId: randomDigits(16), traceFlags: TraceFlags.NONE,
      ...(isValid && parent.traceState && { traceState: parent.traceState }),
    });
  }

  startActiveSpan<Work extends (span: Span) => ReturnType<Work>>(name: string, ...given: [Work] | [SpanOptions, Work] | [SpanOptions, Context, Work]): ReturnType<Work> {
    const [options, parent, work] = given.length === 1 ? [{}, context.active(), given[0]] : given.length === 2 ? [given[0], context.active(), given[1]] : given;
    const span = this.startSpan(name, options, parent);
    return context.with(trace.setSpan(parent, span), work, undefined, span);
  }
}

let supply = '';
let taken = 0;

/** Hexadecimal ones, from a supply, because to ask for a few costs as much as for many. */
function randomDigits(count: number): string {
  if (taken + count > supply.length) [supply, taken] = [randomBytes(4_096).toString('hex'), 0];
  taken += count;
  return supply.slice(taken - count, taken);
}

const tracer = new IdTracer();

/** For processes whose spans nobody reads: trace ids still connect logs, events and calls to other services. */
export const idTracerProvider: TracerProvider = { getTracer: () => tracer };
