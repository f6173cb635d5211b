import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { ExecutionResult, OperationDefinitionNode } from 'graphql';

/**
 * Runs an operation as a span, by OpenTelemetry's conventions for GraphQL. Its text, its variables and the name that the caller gave it stay out: they
 * may name people.
 */
export function asOperationSpan({ operation, cost }: { readonly operation: OperationDefinitionNode; readonly cost: number }, work: () => Promise<ExecutionResult>): Promise<ExecutionResult> {
  const attributes = { 'graphql.operation.type': operation.operation, 'crossdock.graphql.cost': cost };
  return trace.getTracer('crossdock.gateway').startActiveSpan(operation.operation, { attributes }, async (span) => {
    try {
      const answer = await work();
      if (answer.errors && answer.errors.length > 0) span.setStatus({ code: SpanStatusCode.ERROR });
      return answer;
    } catch (thrown) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw thrown;
    } finally {
      span.end();
    }
  });
}
