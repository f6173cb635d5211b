import { BadRequestException, Body, Controller, HttpCode, Post, Req, Res, StreamableFile } from '@nestjs/common';
import { CurrentCaller, RequireCaller, type Caller } from '@crossdock/service-tokens';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AnswersIn } from '@crossdock/contracts';
import { z } from 'zod';
import { ChangesNothing } from '../audit/audit.interceptor.ts';
import { graphqlRequestSchema, type GraphqlRequest } from './graphql-request.ts';
import { Operations, type OperationAnswer } from './operations.ts';
import { Subscriptions } from './subscriptions.ts';

const answerType = 'application/graphql-response+json';
const streamType = 'text/event-stream';

/** As “GraphQL over HTTP” has it; of a subscription each event is like that. */
const operationAnswerSchema = z.object({
  data: z.unknown().optional(), errors: z.array(z.looseObject({ message: z.string() })).optional(), extensions: z.object({ cost: z.number() }).optional(),
}).meta({ id: 'GraphAnswer' });

/** All that a tenant may read, as one graph. */
@Controller('v1/graphql')
export class GraphqlController {
  constructor(private readonly operations: Operations, private readonly subscriptions: Subscriptions) {}

  /**
   * Runs one operation of GraphQL. Which scopes a field takes stands with it in the graph’s description; where one is missing nothing is run. A subscription is
   * answered as text/event-stream.
   */
  @RequireCaller()
  @ChangesNothing()
  @Post()
  @HttpCode(200)
  @AnswersIn('application/json', operationAnswerSchema)
  @AnswersIn(answerType, operationAnswerSchema)
  @AnswersIn(streamType, operationAnswerSchema)
  async run(
    @Body() body: unknown, @CurrentCaller() caller: Caller, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OperationAnswer['body'] | StreamableFile> {
    const asked = graphqlRequestSchema.parse(body);
    const accepted = request.headers.accept ?? '';
    const answer = accepted.includes(streamType) ? await this.#listen(asked, caller, request) : await this.operations.run(asked, caller);
    if (answer instanceof StreamableFile) {
      void reply.headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
      return answer;
    }
    void reply.status(answer.status).type(`${accepted.includes(answerType) ? answerType : 'application/json'}; charset=utf-8`);
    return answer.body;
  }

  async #listen(asked: GraphqlRequest, caller: Caller, request: FastifyRequest): Promise<StreamableFile | OperationAnswer> {
    try {
      if (request.headers['idempotency-key'] !== undefined) throw new BadRequestException('A subscription changes nothing and takes no Idempotency-Key.');
      return new StreamableFile(await this.subscriptions.open(asked, caller, request), { type: streamType });
    } catch (thrown) {
      return this.operations.refusal(thrown);
    }
  }
}
