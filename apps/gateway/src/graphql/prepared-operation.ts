import { BadRequestException, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ShortMemory } from '@crossdock/connections';
import type { FastifyInstance } from 'fastify';
import { getOperationAST, parse, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import type { MercuriusPlugin } from 'mercurius';
import { GraphqlSettings } from './graphql-settings.ts';
import type { GraphqlRequest } from './graphql-request.ts';
import { queryOf } from './kept-queries.ts';
import { reviewOperation } from './operation-review.ts';

/** An operation that its caller may run and that is within its limits. */
export interface PreparedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly cost: number;
}

/** Bounds the parser, whose work and depth follow from the document alone. */
const maxTokens = 2_000;

/** Gets operations ready to be run: nothing is asked of a service before. */
@Injectable()
export class OperationPreparation {
  /** Mercurius keeps what it has validated by the document, so that the same one must come again for the same text. It clones each: without the chain of all tokens. */
  readonly #documents = new ShortMemory<DocumentNode>({ keptMs: 3_600_000, maxEntries: 500, nowMs: Date.now });

  constructor(private readonly host: HttpAdapterHost, private readonly settings: GraphqlSettings) {}

  get graphql(): MercuriusPlugin {
    return this.host.httpAdapter.getInstance<FastifyInstance>().graphql;
  }

  /** @throws GraphQLError where the document cannot be parsed; as `queryOf`, `operationOf` and `reviewOperation`. */
  async prepare(request: GraphqlRequest, scopes: ReadonlySet<string>): Promise<PreparedOperation> {
    const query = queryOf(request, this.settings.keptQueries);
    const document = await this.#documents.get(query, async () => parse(query, { maxTokens, noLocation: true }));
    if (!document) throw new Error('A document that was parsed is there.');
    const prepared = { document, operation: operationOf(document, request.operationName), variables: request.variables ?? {} };
    return { ...prepared, cost: this.review(prepared, scopes) };
  }

  /** Looks once more whether a caller with these scopes may run it. @throws as `reviewOperation` */
  review(operation: Omit<PreparedOperation, 'cost'>, scopes: ReadonlySet<string>): number {
    return reviewOperation(this.graphql.schema, { ...operation, scopes }, this.settings.limits);
  }
}

/** @throws BadRequestException where the document has no such operation, or several and none is named. */
function operationOf(document: DocumentNode, name: string | null | undefined): OperationDefinitionNode {
  const operation = getOperationAST(document, name);
  if (!operation) throw new BadRequestException('The document has no such operation; where it has several, operationName says which.');
  return operation;
}
