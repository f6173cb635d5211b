import { Body, Controller, Get, HttpCode, Param, Post, Put, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { crmObjectSchema } from '@crossdock/contracts';
import { ClientId, RequireScope } from '@crossdock/service-tokens';
import { CrmAccounts } from './crm-accounts.ts';
import type { InternalCall } from './internal-client.ts';

const pathSchema = z.object({ id: z.uuid(), object: crmObjectSchema });
const savingSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('saved'), mapping: z.unknown() }),
  z.object({ outcome: z.literal('refused'), problems: z.unknown() }),
]);

/** How the fields of a CRM account's contacts, companies and deals correspond to the hub's, as the service of its vendor keeps it. */
@Controller('v1/connections/:id')
export class MappingsController {
  constructor(private readonly accounts: CrmAccounts) {}

  /** The fields that the account has now, with their types, options and limits. */
  @RequireScope('connections:read')
  @Get('schema/:object')
  schema(@Param() path: unknown): Promise<unknown> {
    return this.#forward(path, 'schema', { method: 'GET' });
  }

  /** The mapping that holds, its versions, and what has changed in the account since it was saved. */
  @RequireScope('connections:read')
  @Get('mappings/:object')
  read(@Param() path: unknown): Promise<unknown> {
    return this.#forward(path, 'mappings', { method: 'GET' });
  }

  /** Saves rules as a new version; 422 with every problem where the account as it is now cannot keep them. */
  @RequireScope('connections:write')
  @Put('mappings/:object')
  async save(@Param() path: unknown, @Body() rules: unknown, @ClientId() savedBy: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const result = savingSchema.parse(await this.#forward(path, 'mappings', { method: 'PUT', body: { rules, savedBy } }));
    if (result.outcome === 'saved') return result.mapping;
    void reply.status(422).type('application/problem+json');
    return {
      type: 'about:blank', status: 422, code: 'invalid', title: 'The request is not valid',
      detail: 'The mapping was not saved, because the account cannot keep it; see problems.', problems: result.problems,
    };
  }

  /** Says what saving would; keeps nothing. */
  @RequireScope('connections:read')
  @Post('mappings/:object/check')
  @HttpCode(200)
  check(@Param() path: unknown, @Body() body: unknown): Promise<unknown> {
    return this.#forward(path, 'mappings', { method: 'POST', body }, '/check');
  }

  /** Shows what rules would make of up to twenty records; writes nothing. */
  @RequireScope('connections:write')
  @Post('mappings/:object/try')
  @HttpCode(200)
  try(@Param() path: unknown, @Body() body: unknown): Promise<unknown> {
    return this.#forward(path, 'mappings', { method: 'POST', body }, '/try');
  }

  /** Makes an old version hold again; 0 stands for the defaults. */
  @RequireScope('connections:write')
  @Post('mappings/:object/roll-back')
  @HttpCode(200)
  rollBack(@Param() path: unknown, @Body() body: unknown): Promise<unknown> {
    return this.#forward(path, 'mappings', { method: 'POST', body }, '/roll-back');
  }

  #forward(path: unknown, resource: 'schema' | 'mappings', call: Pick<InternalCall, 'method' | 'body'>, act = ''): Promise<unknown> {
    const { id, object } = pathSchema.parse(path);
    return this.accounts.call(id, { ...call, path: `${resource}/${object}${act}`, asksVendor: true });
  }
}
