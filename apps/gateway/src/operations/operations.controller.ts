import { Body, Controller, Get, Headers, HttpCode, HttpException, Param, Post, Query, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { AnswersAs, serviceNames } from '@crossdock/contracts';
import { Operator, type Actor } from '@crossdock/operations';
import { RequireOperatorScope } from '@crossdock/service-tokens';
import { forwardedQuery } from '../facade/forwarded-query.ts';
import { detailOf, InternalClient, type InternalAnswer } from '../facade/internal-client.ts';

const pathSchema = z.object({
  service: z.enum(serviceNames),
  resource: z.enum(['dead-letters', 'replays', 'audit', 'signing-keys']),
  id: z.string().regex(/^[0-9a-z-]{1,36}$/).optional(),
  act: z.enum(['replay', 'discard', 'cancel', 'resume']).optional(),
});

/** Who calls, and by what token. */
interface Caller {
  readonly actor: Actor;
  readonly authorization: string;
}

/**
 * What operators see and do in any service, by one address: `/v1/operations/{service}/…` is forwarded to the service,
 * which checks the rest and writes down for whom the gateway acted.
 */
@Controller('v1/operations')
export class OperationsController {
  constructor(private readonly internal: InternalClient, private readonly http: HttpAdapterHost) {}

  /** Dead letters, replays or the audit of a service, a page at a time; of auth-sso its signing keys as well. */
  @RequireOperatorScope('operations:read')
  @Get(':service/:resource')
  @AnswersAs('GET /v1/operations/dead-letters', 'GET /v1/operations/replays', 'GET /v1/operations/audit', 'GET /v1/operations/signing-keys')
  list(
    @Param() path: unknown, @Query() query: unknown, @Operator() actor: Actor,
    @Headers('authorization') authorization: string, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    return this.#forward('GET', path, { actor, authorization }, reply, { query });
  }

  /** One dead letter or replay of a service. */
  @RequireOperatorScope('operations:read')
  @Get(':service/:resource/:id')
  @AnswersAs('GET /v1/operations/dead-letters/:id', 'GET /v1/operations/replays/:id')
  show(
    @Param() path: unknown, @Operator() actor: Actor, @Headers('authorization') authorization: string, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    return this.#forward('GET', path, { actor, authorization }, reply);
  }

  /** Begins a replay of a range of a topic, or has auth-sso exchange its signing key. */
  @RequireOperatorScope('operations:write')
  @Post(':service/:resource')
  @HttpCode(202)
  @AnswersAs('POST /v1/operations/replays', 'POST /v1/operations/signing-keys')
  start(
    @Param() path: unknown, @Body() body: unknown, @Operator() actor: Actor,
    @Headers('authorization') authorization: string, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    return this.#forward('POST', path, { actor, authorization }, reply, { body });
  }

  /** Replays or discards the dead letters that a filter names. */
  @RequireOperatorScope('operations:write')
  @Post(':service/:resource/:act')
  @HttpCode(200)
  @AnswersAs('POST /v1/operations/dead-letters/replay')
  actOnMany(
    @Param() path: unknown, @Body() body: unknown, @Operator() actor: Actor,
    @Headers('authorization') authorization: string, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    return this.#forward('POST', path, { actor, authorization }, reply, { body });
  }

  /** Replays or discards one dead letter; cancels or resumes one replay. */
  @RequireOperatorScope('operations:write')
  @Post(':service/:resource/:id/:act')
  @HttpCode(200)
  @AnswersAs('POST /v1/operations/dead-letters/:id/replay', 'POST /v1/operations/replays/:id/cancel')
  actOnOne(
    @Param() path: unknown, @Body() body: unknown, @Operator() actor: Actor,
    @Headers('authorization') authorization: string, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    return this.#forward('POST', path, { actor, authorization }, reply, { body });
  }

  async #forward(
    method: 'GET' | 'POST', path: unknown, caller: Caller, reply: FastifyReply,
    { query = {}, body }: { readonly query?: unknown; readonly body?: unknown } = {},
  ): Promise<unknown> {
    const { service, resource, id, act } = pathSchema.parse(path);
    const address = `/v1/operations/${[resource, id, act].filter((part) => part !== undefined).join('/')}${forwardedQuery(query)}`;
    const call = { method, path: address, ...(body !== undefined && { body }) };
    const { status, answer } = service === 'gateway'
      ? await this.#callOwn(call, caller)
      : await this.internal.callForOperator(service, call, caller.actor.onBehalfOf ?? caller.actor.client);
    if (status >= 400) throw new HttpException(detailOf(answer), status);
    void reply.status(status);
    return answer;
  }

  /** The gateway's own routes are asked in this process, by the caller's own token. */
  async #callOwn(call: { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: unknown }, { authorization }: Caller): Promise<InternalAnswer> {
    const server = this.http.httpAdapter.getInstance<FastifyInstance>();
    const answer = await server.inject({
      method: call.method, url: call.path, headers: { authorization, ...(call.body !== undefined && { 'content-type': 'application/json' }) },
      ...(call.body !== undefined && { payload: JSON.stringify(call.body) }),
    });
    return { status: answer.statusCode, answer: answer.json() };
  }
}
