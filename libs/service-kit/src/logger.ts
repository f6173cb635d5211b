import type { LoggerService } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { destination, pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { tenantContext } from '@crossdock/tenancy';
import { describeError } from './logged-error.ts';
import { redactFields } from './redaction.ts';

export type Logger = PinoLogger;

/** An error that is logged stands here, and is described by its words. */
const errorField = 'err';

/** JSON lines, on standard output if nothing else is said, each with service, tenant, correlation and trace. */
export function createLogger(service: string, level: string, output: DestinationStream = destination(1)): Logger {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: (fields) => redactFields(fields, errorField) },
    serializers: { [errorField]: (error: unknown) => describeError(error) },
    mixin: currentScope,
  }, output);
}

function currentScope(): Record<string, string> {
  const scope = tenantContext.current();
  const span = trace.getActiveSpan()?.spanContext();
  return {
    ...(scope && { tenantId: scope.tenantId, correlationId: scope.correlationId }),
    ...(span && { trace_id: span.traceId, span_id: span.spanId, trace_flags: `0${span.traceFlags.toString(16)}` }),
  };
}

/** Lets the framework's own lines go the same way; its start-up chatter is kept at debug level. */
export class FrameworkLogger implements LoggerService {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(message: unknown, ...context: unknown[]): void {
    this.#logger.debug({ context: context.at(-1) }, String(message));
  }

  warn(message: unknown, ...context: unknown[]): void {
    this.#logger.warn({ context: context.at(-1) }, String(message));
  }

  error(message: unknown, ...context: unknown[]): void {
    this.#logger.error({ context: context.at(-1), err: message instanceof Error ? message : undefined }, String(message));
  }
}
