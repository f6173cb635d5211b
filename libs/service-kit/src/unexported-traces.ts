import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { idTracerProvider } from './id-tracer.ts';
import { instrumentations } from './instrumentations.ts';

/**
 * Traces where nobody reads spans: none is recorded, yet each has an id, which is all that logs, events and calls to other
 * services need. The whole SDK, with an exporter for every protocol, would cost each process 15 MB and a tenth of its start.
 */
export function startUnexportedTraces(): void {
  trace.setGlobalTracerProvider(idTracerProvider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  registerInstrumentations({ instrumentations: instrumentations(false) });
}
