import { Answers, Failure } from '@crossdock/contracts';
import { RequireScope } from '@crossdock/service-tokens';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { ResultUpkeep } from '../credit/result-upkeep.ts';
import { explainIdentity, findIdentity, identityExplanationSchema, insertException, removeException, type IdentityExplanation } from './identity-explanation.ts';

const keySchema = z.string().min(3).max(400).regex(/^(email|phone|contact|company|domain):./, 'must be a key such as "email:ada@example.com"').transform((key) => (key.startsWith('email:') ? key.toLowerCase() : key));
/** @public */
export const querySchema = z.strictObject({ key: keySchema });
/** @public */
export const exceptionSchema = z.strictObject({
  one: keySchema,
  /** Absent: `one` is nobody's in particular, such as an address that many people share. */
  other: keySchema.optional(),
  note: z.string().min(1).max(500),
}).refine(({ one, other }) => one !== other, { path: ['other'], message: 'must be another key' });

/** Who is one person or company, and why. */
@Controller('v1/attribution')
@RequireScope('attribution:read')
export class IdentitiesController {
  constructor(private readonly database: TenantDatabase, private readonly results: ResultUpkeep) {}

  /** Whom a key belongs to: `email:…`, `phone:…`, `contact:<connection>/<id>`, `company:<connection>/<id>` or `domain:…`. */
  @Get('identities')
  @Answers(identityExplanationSchema)
  find(@Query() query: unknown): Promise<IdentityExplanation> {
    const { key } = querySchema.parse(query);
    return this.#within(async (manager) => found(await explainIdentity(manager, found(await findIdentity(manager, key)))));
  }

  /** All keys of somebody, with the record that joins each. */
  @Get('identities/:id')
  @Answers(identityExplanationSchema)
  explain(@Param('id') id: string): Promise<IdentityExplanation> {
    return this.#within(async (manager) => found(await explainIdentity(manager, z.uuid().parse(id))));
  }

  /** Takes a wrong merge back: two keys are not one, or a key is nobody's. Only what this bears on is worked out anew. */
  @RequireScope('attribution:write')
  @Post('identity-exceptions')
  @HttpCode(201)
  @Answers(z.object({ id: z.uuid() }))
  except(@Body() body: unknown): Promise<{ id: string }> {
    const exception = exceptionSchema.parse(body);
    return this.#within(async (manager) => {
      const id = await insertException(manager, exception);
      await this.results.follow(manager, { relinked: keysOf(exception) });
      return { id };
    });
  }

  /** Lets what was taken back count again. */
  @RequireScope('attribution:write')
  @Delete('identity-exceptions/:id')
  @HttpCode(204)
  async withdraw(@Param('id') id: string): Promise<void> {
    await this.#within(async (manager) => this.results.follow(manager, { relinked: keysOf(await removeException(manager, z.uuid().parse(id))) }));
  }

  #within<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.database.transaction(tenantContext.require().tenantId, work);
  }
}

function keysOf({ one, other }: { readonly one: string; readonly other?: string | undefined }): string[] {
  return other === undefined ? [one] : [one, other];
}

function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Failure('not_found', 'Nobody has told of such a person or company.');
  return value;
}
