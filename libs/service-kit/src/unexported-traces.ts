import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { AlwaysOffSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import { instrumentations } from './instrumentations.ts';

/**
 * Traces where nobody reads spans: none is recorded, yet each has an id, which is all that logs, events and calls to other
 * services need. The whole SDK, with an exporter for every protocol, would cost each process 15 MB and a tenth of its start.
 */
export function startUnexportedTraces(): void {
  trace.setGlobalTracerProvider(new TracerProvider({ sampler: new AlwaysOffSampler() }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }));
  registerInstrumentations({ instrumentations: instrumentations(false) });
}
