import { propagation, ROOT_CONTEXT, trace, type Context, type Link, type Span } from '@opentelemetry/api';
import type { TaskRow } from '../store/task-row.ts';

/**
 * Begins the span of a try: part of the trace that asked for it where it is the first try of one task. Another try may come
 * hours later, when whoever keeps traces has long decided about that one, and tasks that run together come from many: those
 * are traces of their own, with a link to each that asked.
 */
export function startTaskSpan(kind: string, rows: readonly TaskRow[]): Span {
  const [first] = rows;
  const isFirstTry = rows.length === 1 && first?.attempt === 1;
  return trace.getTracer('crossdock.task-queue').startSpan(`run ${kind}`, {
    attributes: { 'crossdock.task.count': rows.length, ...(first && { 'crossdock.task.attempt': first.attempt }) },
    links: isFirstTry ? [] : rows.flatMap(linkTo),
  }, isFirstTry ? askedIn(first) : ROOT_CONTEXT);
}

function askedIn({ traceparent }: TaskRow): Context {
  return traceparent === null ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent });
}

function linkTo(row: TaskRow): Link[] {
  const context = trace.getSpanContext(askedIn(row));
  return context ? [{ context }] : [];
}
