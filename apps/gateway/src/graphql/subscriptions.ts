import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { BadRequestException, Injectable } from '@nestjs/common';
import type { Caller } from '@crossdock/service-tokens';
import { OperationTypeNode, subscribe, validate, type ExecutionResult } from 'graphql';
import { LastingCallers, type LastingRequest } from '../callers/lasting-callers.ts';
import { EventStreams, tooSlow } from '../requests/event-streams.ts';
import type { GraphqlRequest } from './graphql-request.ts';
import { OpenSubscriptions } from './open-subscriptions.ts';
import { Operations } from './operations.ts';
import { OperationPreparation, type PreparedOperation } from './prepared-operation.ts';

/** So often it is seen whether the caller may still listen, and a word is sent, so that nobody on the way takes the connection for dead. */
const checkEveryMs = 5_000;

/**
 * Tells what a caller listens to as server-sent events (GraphQL over SSE, distinct connections: `next` with an answer, `complete` at the end).
 */
@Injectable()
export class Subscriptions {
  readonly #open = new OpenSubscriptions();

  constructor(private readonly preparation: OperationPreparation, private readonly operations: Operations, private readonly callers: LastingCallers, private readonly streams: EventStreams) {}

  /** @throws what keeps it from being opened, as `OperationPreparation.prepare`; HttpException 429 where the caller listens to too much already. */
  async open(asked: GraphqlRequest, caller: Caller, request: LastingRequest): Promise<Readable> {
    const operation = await this.preparation.prepare(asked, caller.scopes);
    if (operation.operation.operation !== OperationTypeNode.SUBSCRIPTION) throw new BadRequestException('Only subscriptions are answered as text/event-stream.');
    const { schema } = this.preparation.graphql;
    const [fault] = validate(schema, operation.document, undefined, { maxErrors: 20 });
    if (fault) throw fault;
    const close = this.#open.enter(`${caller.tenantId}:${caller.clientId}`);
    const answers = await subscribe({
      schema, document: operation.document, variableValues: operation.variables, operationName: operation.operation.name?.value, contextValue: this.operations.contextFor(caller),
    }).catch((thrown: unknown) => {
      close();
      throw thrown;
    });
    const told = Symbol.asyncIterator in answers ? answers : onlyOnce(answers);
    const lastWord = eventOf('next', this.operations.refusal(tooSlow()).body) + eventOf('complete', undefined);
    return this.streams.open(this.#events(told, operation, request), lastWord).once('close', close);
  }

  async *#events(answers: AsyncGenerator<ExecutionResult>, operation: PreparedOperation, request: LastingRequest): AsyncGenerator<string> {
    let next = answers.next();
    try {
      for (;;) {
        const first = await Promise.race([next, wait(checkEveryMs, 'check' as const, { ref: false })]);
        const ended = await this.callers.whyOver(request, (scopes) => void this.preparation.review(operation, scopes));
        if (ended) {
          yield eventOf('next', this.operations.refusal(ended).body);
          break;
        }
        if (first === 'check') {
          yield ': nothing new\n\n';
          continue;
        }
        if (first.done === true) break;
        yield eventOf('next', this.operations.answerOf(first.value));
        next = answers.next();
      }
      yield eventOf('complete', undefined);
    } catch (thrown) {
      yield eventOf('next', this.operations.refusal(thrown).body) + eventOf('complete', undefined);
    } finally {
      next.catch(() => undefined);
      void answers.return(undefined).catch(() => undefined);
    }
  }
}

async function* onlyOnce(answer: ExecutionResult): AsyncGenerator<ExecutionResult> {
  yield answer;
}

function eventOf(event: 'next' | 'complete', data: unknown): string {
  return `event: ${event}\ndata: ${data === undefined ? '' : JSON.stringify(data)}\n\n`;
}
