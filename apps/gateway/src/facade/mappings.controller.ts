import { ChangesNothing } from '../audit/audit.interceptor.ts';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { AnswersAs, crmObjectSchema } from '@crossdock/contracts';
import { ClientId, RequireScope } from '@crossdock/service-tokens';
import { CrmAccounts } from './crm-accounts.ts';
import type { InternalCall } from './internal-client.ts';
import { forwardedQuery } from './forwarded-query.ts';
import { SeenVersion } from './seen-version.ts';

/** @public */
export const pathSchema = z.object({ id: z.uuid(), object: crmObjectSchema });
const mappingSchema = z.looseObject({ version: z.int() });
const changeSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('saved'), mapping: mappingSchema }),
  z.object({ outcome: z.literal('refused'), problems: z.unknown() }),
  z.object({ outcome: z.literal('overtaken'), version: z.int() }),
]);
/** @public */
export const versionQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().regex(/^[1-9]\d{0,8}$/).optional().describe('`nextCursor` of the page before.'),
});
/** @public */
export const rollBackSchema = z.strictObject({ version: z.int().min(0) });
const seen = new SeenVersion('mapping', 'GET /v1/connections/{id}/mappings/{object}');

/**
 * How the fields of a CRM account's contacts, companies and deals correspond to the hub's, as the service of its vendor keeps it. A change names by
 * `If-Match` the version that its author has seen: 412 where another one holds by now, 428 without the header.
 */
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
  async read(@Param() path: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const mapping = mappingSchema.parse(await this.#forward(path, 'mappings', { method: 'GET' }));
    return seen.tell(reply, mapping);
  }

  /** The versions that were saved, the latest first, with who saved each and what it says otherwise than by default. */
  @RequireScope('connections:read')
  @Get('mappings/:object/versions')
  versions(@Param() path: unknown, @Query() query: unknown): Promise<unknown> {
    versionQuerySchema.parse(query);
    return this.#forward(path, 'mappings', { method: 'GET' }, `/versions${forwardedQuery(query)}`);
  }

  /** Saves rules as a new version; 422 with every problem where the account as it is now cannot keep them. */
  @RequireScope('connections:write')
  @Put('mappings/:object')
  @AnswersAs('GET /v1/connections/:id/mappings/:object')
  async save(
    @Param() path: unknown, @Body() rules: unknown, @Headers('if-match') ifMatch: string | undefined, @ClientId() savedBy: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    return answer(await this.#forward(path, 'mappings', { method: 'PUT', body: { rules, savedBy, seen: seen.require(ifMatch) } }), reply);
  }

  /** Says what saving would; keeps nothing. */
  @RequireScope('connections:read')
  @ChangesNothing()
  @Post('mappings/:object/check')
  @HttpCode(200)
  check(@Param() path: unknown, @Body() body: unknown): Promise<unknown> {
    return this.#forward(path, 'mappings', { method: 'POST', body }, '/check');
  }

  /** Shows what rules would make of up to twenty records; writes nothing. */
  @RequireScope('connections:write')
  @ChangesNothing()
  @Post('mappings/:object/try')
  @HttpCode(200)
  try(@Param() path: unknown, @Body() body: unknown): Promise<unknown> {
    return this.#forward(path, 'mappings', { method: 'POST', body }, '/try');
  }

  /** Makes an old version hold again; 0 stands for the defaults. */
  @RequireScope('connections:write')
  @Post('mappings/:object/roll-back')
  @HttpCode(200)
  @AnswersAs('GET /v1/connections/:id/mappings/:object')
  async rollBack(
    @Param() path: unknown, @Body() body: unknown, @Headers('if-match') ifMatch: string | undefined, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const wanted = { ...rollBackSchema.parse(body), seen: seen.require(ifMatch) };
    return answer(await this.#forward(path, 'mappings', { method: 'POST', body: wanted }, '/roll-back'), reply);
  }

  #forward(path: unknown, resource: 'schema' | 'mappings', call: Pick<InternalCall, 'method' | 'body'>, act = ''): Promise<unknown> {
    const { id, object } = pathSchema.parse(path);
    return this.accounts.call(id, { ...call, path: `${resource}/${object}${act}`, asksVendor: true });
  }
}

function answer(change: unknown, reply: FastifyReply): unknown {
  const result = changeSchema.parse(change);
  switch (result.outcome) {
    case 'saved': return seen.tell(reply, result.mapping);
    case 'overtaken': throw seen.overtaken(result.version);
    case 'refused':
      return seen.refuse(reply, 'The mapping was not saved, because the account cannot keep it; see problems.', { problems: result.problems });
  }
}
