import { BadRequestException, Inject, Injectable } from '@nestjs/common';
import { describeProblem, LOGGER, type Logger } from '@crossdock/service-kit';
import type { Caller } from '@crossdock/service-tokens';
import { GraphQLError, OperationTypeNode, type ExecutionResult } from 'graphql';
import { z } from 'zod';
import { ConnectionReading } from '../connections/connection-reading.ts';
import { toAnswerError, toDocumentError, type AnswerError } from './answer-errors.ts';
import type { GraphqlRequest } from './graphql-request.ts';
import { asOperationSpan } from './operation-span.ts';
import type { OperationContext } from './operation-context.ts';
import { OperationPreparation } from './prepared-operation.ts';
import { RequestLoaders } from './request-loaders.ts';
import { ServiceReader } from './service-reader.ts';

/** An answer as "GraphQL over HTTP" has it, and its status: 200 wherever something was asked for, unless a change failed. */
export interface OperationAnswer {
  readonly status: number;
  readonly body: {
    readonly errors?: readonly AnswerError[];
    readonly data?: unknown;
    readonly extensions?: { readonly cost: number };
  };
}

/** Faults of a document itself, as Mercurius throws them. */
const documentFaultSchema = z.object({ code: z.literal('MER_ERR_GQL_VALIDATION'), errors: z.array(z.instanceof(GraphQLError)) });

/** Runs operations for callers. */
@Injectable()
export class Operations {
  constructor(
    private readonly preparation: OperationPreparation, private readonly connections: ConnectionReading, private readonly reader: ServiceReader,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Never throws for what a caller sends: what is wrong stands in the answer. */
  async run(request: GraphqlRequest, caller: Caller): Promise<OperationAnswer> {
    try {
      const { document, operation, variables, cost } = await this.preparation.prepare(request, caller.scopes);
      if (operation.operation === OperationTypeNode.SUBSCRIPTION) throw new BadRequestException('Send a subscription with Accept: text/event-stream.');
      const answer = this.answerOf(await asOperationSpan({ operation, cost }, async () =>
        this.preparation.graphql(document, { ...this.contextFor(caller) }, variables, operation.name?.value)));
      const status = operation.operation === OperationTypeNode.MUTATION ? answer.errors?.[0]?.extensions.status ?? 200 : 200;
      return { status, body: { ...answer, extensions: { cost } } };
    } catch (thrown) {
      return this.refusal(thrown);
    }
  }

  /** What was found, with its errors as callers are told of them. */
  answerOf({ data, errors }: ExecutionResult): Pick<OperationAnswer['body'], 'data' | 'errors'> {
    return { ...(errors && { errors: errors.map((error) => toAnswerError(error, this.logger)) }), data };
  }

  contextFor(caller: Caller): OperationContext {
    return { caller, loaders: new RequestLoaders({ connections: this.connections, reader: this.reader }) };
  }

  /** The answer where nothing was run. */
  refusal(thrown: unknown): OperationAnswer {
    const fault = documentFaultSchema.safeParse(thrown);
    if (fault.success) return { status: 400, body: { errors: fault.data.errors.map(toDocumentError) } };
    if (thrown instanceof GraphQLError && !thrown.originalError) return { status: 400, body: { errors: [toDocumentError(thrown)] } };
    return { status: describeProblem(thrown).status, body: { errors: [toAnswerError(thrown, this.logger)] } };
  }
}
