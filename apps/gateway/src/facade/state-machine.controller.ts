import { AnswersAs } from '@crossdock/contracts';
import { ChangesNothing } from '../audit/audit.interceptor.ts';
import { ClientId, RequireScope } from '@crossdock/service-tokens';
import { Body, Controller, Get, Headers, HttpCode, Post, Put, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { InternalClient } from './internal-client.ts';
import { SeenVersion } from './seen-version.ts';

const path = '/v1/orders/state-machine';
const seen = new SeenVersion('order-machine', `GET ${path}`);
const machineSchema = z.looseObject({ version: z.int() });
const changeSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('saved'), machine: machineSchema }),
  z.object({ outcome: z.literal('refused'), problems: z.array(z.object({ pointer: z.string(), message: z.string() })) }),
  z.object({ outcome: z.literal('overtaken'), version: z.int() }),
]);
/** @public */
export const rollBackSchema = z.strictObject({ version: z.int().min(0) });

/**
 * How the tenant's orders move, as the orders service keeps it. A change names by `If-Match` the version that its author has
 * seen: 412 where another one holds by now, 428 without the header.
 */
@Controller('v1/orders/state-machine')
export class StateMachineController {
  constructor(private readonly internal: InternalClient) {}

  /** The definition that holds, its picture as a Mermaid diagram, and all versions. */
  @RequireScope('orders:read')
  @Get()
  async read(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const machine = machineSchema.parse(await this.internal.call('orders', { method: 'GET', path }));
    return seen.tell(reply, machine);
  }

  /** Saves a definition as a new version; 422 with everything that is wrong with it. */
  @RequireScope('orders:write')
  @Put()
  @AnswersAs(`GET ${path}`)
  async save(@Body() definition: unknown, @Headers('if-match') ifMatch: string | undefined, @ClientId() savedBy: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const body = { definition, seen: seen.require(ifMatch), savedBy };
    return answer(await this.internal.call('orders', { method: 'PUT', path, body }), reply);
  }

  /** Says what saving would; keeps nothing. */
  @RequireScope('orders:read')
  @ChangesNothing()
  @Post('check')
  @HttpCode(200)
  check(@Body() body: unknown): Promise<unknown> {
    return this.internal.call('orders', { method: 'POST', path: `${path}/check`, body });
  }

  /** Makes an old version hold again; 0 stands for the default. */
  @RequireScope('orders:write')
  @Post('roll-back')
  @HttpCode(200)
  @AnswersAs(`GET ${path}`)
  async rollBack(@Body() body: unknown, @Headers('if-match') ifMatch: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const wanted = { ...rollBackSchema.parse(body), seen: seen.require(ifMatch) };
    return answer(await this.internal.call('orders', { method: 'POST', path: `${path}/roll-back`, body: wanted }), reply);
  }
}

function answer(change: unknown, reply: FastifyReply): unknown {
  const result = changeSchema.parse(change);
  switch (result.outcome) {
    case 'saved': return seen.tell(reply, result.machine);
    case 'overtaken': throw seen.overtaken(result.version);
    case 'refused':
      return seen.refuse(reply, 'The state machine was not saved, because orders could not move by it; see errors.', {
        errors: result.problems.map(({ pointer, message }) => ({ pointer, detail: message })),
      });
  }
}
