import { Body, ConflictException, Controller, Delete, ForbiddenException, Get, HttpCode, NotFoundException, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { CurrentCaller, RequireScope, tenantScopeNames, type Caller } from '@crossdock/service-tokens';
import { z } from 'zod';
import { Answers, pageSchema as pageOfSchema } from '@crossdock/contracts';
import { AnswerShownOnce } from '../idempotency/idempotency.interceptor.ts';
import { ApiKeyRepository, apiKeyViewSchema, maxKeysOfTenant, type ApiKeyView } from './api-key.repository.ts';
import { WorkspaceRepository } from '../workspaces/workspace.repository.ts';

/** @public */
export const newKeySchema = z.strictObject({
  name: z.string().trim().min(1).max(100).describe('What the key is for.'),
  scopes: z.array(z.enum(tenantScopeNames)).min(1).max(tenantScopeNames.length).describe('What the key allows: no more than its maker may.'),
  workspaceId: z.uuid().optional().describe('The one workspace whose reports the key may read; it opens nothing else then.'),
  expiresInDays: z.int().min(1).max(730).default(365).describe('Days until it holds no more.'),
});
/** @public */
export const pageSchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.uuid().optional(),
});

/** Keys by which a tenant's own programs call. A key is shown once, when it is made; of its secret the hub keeps a hash. */
@RequireScope('api-keys:read')
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeyRepository, private readonly workspaces: WorkspaceRepository) {}

  /** Makes a key. `key` of the answer is not shown again. 403 where it would allow more than its maker may, 404 where the tenant has no such workspace. */
  @RequireScope('api-keys:write')
  @AnswerShownOnce()
  @Post()
  @Answers(apiKeyViewSchema.extend({ key: z.string().describe('The key itself; it is not shown again.') }))
  async create(@Body() body: unknown, @CurrentCaller() { tenantId, clientId, scopes }: Caller): Promise<ApiKeyView & { readonly key: string }> {
    const wish = newKeySchema.parse(body);
    const beyond = wish.scopes.filter((scope) => !scopes.has(scope));
    if (beyond.length > 0) throw new ForbiddenException(`Nobody gives away what they do not have: ${beyond.join(' ')}.`);
    if (wish.workspaceId !== undefined && !await this.workspaces.find(tenantId, wish.workspaceId)) throw new NotFoundException(`The tenant has no workspace ${wish.workspaceId}.`);
    const created = await this.keys.create(tenantId, { ...wish, scopes: [...new Set(wish.scopes)] }, clientId);
    if (!created) throw new ConflictException(`The tenant has ${maxKeysOfTenant} keys; revoke those that nobody needs.`);
    return created;
  }

  /** Newest first, those that hold no more as well: `limit`, `cursor`. */
  @Get()
  @Answers(pageOfSchema(apiKeyViewSchema))
  async list(@Query() query: unknown, @CurrentCaller() { tenantId }: Caller): Promise<{ readonly items: readonly ApiKeyView[]; readonly nextCursor?: string }> {
    const { limit, cursor } = pageSchema.parse(query);
    const found = await this.keys.list(tenantId, { limit: limit + 1, before: cursor });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, ...(found.length > limit && last && { nextCursor: last.id }) };
  }

  /** Revokes a key for good: it holds nowhere any more within five seconds. A repeat changes nothing. */
  @RequireScope('api-keys:write')
  @Delete(':id')
  @HttpCode(204)
  async revoke(@Param('id', ParseUUIDPipe) id: string, @CurrentCaller() { tenantId, clientId }: Caller): Promise<void> {
    if (!await this.keys.revoke(tenantId, id, clientId)) throw new NotFoundException(`The tenant has no API key ${id}.`);
  }
}
