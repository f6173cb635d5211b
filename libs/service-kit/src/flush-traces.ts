import { trace, type TracerProvider } from '@opentelemetry/api';

/** Sends the spans that wait in a batch, where the process was started with telemetry; else there are none. */
export async function flushTraces(): Promise<void> {
  const provider = trace.getTracerProvider();
  const registered = hasDelegate(provider) ? provider.getDelegate() : provider;
  if (isFlushable(registered)) await registered.forceFlush();
}

/** OpenTelemetry's API hands out a stand-in that passes on to the provider that was registered. */
function hasDelegate(provider: TracerProvider): provider is TracerProvider & { getDelegate(): TracerProvider } {
  return 'getDelegate' in provider && typeof provider.getDelegate === 'function';
}

function isFlushable(provider: TracerProvider): provider is TracerProvider & { forceFlush(): Promise<void> } {
  return 'forceFlush' in provider && typeof provider.forceFlush === 'function';
}
