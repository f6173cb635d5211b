import { Body, Controller, Delete, Get, Headers, HttpCode, NotFoundException, Param, ParseUUIDPipe, Post, Put } from '@nestjs/common';
import { Answers, personRoleSchema, type PersonRole } from '@crossdock/contracts';
import { onBehalfOfHeader } from '@crossdock/operations';
import { ClientId, RequireScope } from '@crossdock/service-tokens';
import { tenantContext } from '@crossdock/tenancy';
import { z } from 'zod';
import { actorOf } from '../audit/actor.ts';
import { IdentityAudit } from '../audit/identity-audit.ts';
import { SignOnHost } from '../sign-on/sign-on-host.ts';
import { TenantWork } from '../tenant-work.ts';
import { PeopleRegister } from '../people/people-register.ts';
import { groups } from './group.repository.ts';
import { setGroupRoles } from './group-roles.ts';
import { ScimTokens, scimTokenSchema, type ScimToken } from './scim-tokens.ts';

const listedTokenSchema = scimTokenSchema.meta({ id: 'ScimToken' });
/** @public */
export const newTokenSchema = z.strictObject({ name: z.string().trim().min(1).max(100), expiresInDays: z.int().min(1).max(730).default(365) });
/** @public */
export const rolesSchema = z.strictObject({ roles: z.array(personRoleSchema).max(10) });
const dayMs = 86_400_000;

/** Who may provision a tenant's people, and what the groups that come from there may do; for its administrators. */
@RequireScope('identity:write')
@Controller('v1/identity')
export class ScimTokensController {
  constructor(
    private readonly work: TenantWork, private readonly tokens: ScimTokens, private readonly audit: IdentityAudit,
    private readonly register: PeopleRegister, private readonly signOnHost: SignOnHost,
  ) {}

  @Get('scim-tokens')
  @Answers(z.object({ items: z.array(listedTokenSchema) }))
  async list(): Promise<{ items: ScimToken[] }> {
    return { items: await this.work.run(tenantContext.require().tenantId, (manager) => this.tokens.list(manager)) };
  }

  /** Makes a token, which this answer alone tells, with the address that the client is given. */
  @Post('scim-tokens')
  @Answers(scimTokenSchema.extend({ token: z.string(), baseUrl: z.string() }))
  async make(@Body() body: unknown, @ClientId() client: string, @Headers(onBehalfOfHeader) onBehalfOf: string | undefined): Promise<ScimToken & { token: string; baseUrl: string }> {
    const { name, expiresInDays } = newTokenSchema.parse(body);
    const { tenantId } = tenantContext.require();
    const { token, text } = await this.work.run(tenantId, async (manager) => {
      await this.audit.record(manager, { action: 'scim_token_change', outcome: 'done', code: 'made', actor: actorOf(client, onBehalfOf) });
      return this.tokens.make(manager, tenantId, { name, expiresAt: new Date(Date.now() + expiresInDays * dayMs) });
    });
    return { ...token, token: text, baseUrl: `${this.signOnHost.origin}/scim/v2` };
  }

  @Delete('scim-tokens/:tokenId')
  @HttpCode(204)
  async revoke(@Param('tokenId', ParseUUIDPipe) tokenId: string, @ClientId() client: string, @Headers(onBehalfOfHeader) onBehalfOf: string | undefined): Promise<void> {
    const isGone = await this.work.run(tenantContext.require().tenantId, async (manager) => {
      const gone = await this.tokens.revoke(manager, tokenId);
      if (gone) await this.audit.record(manager, { action: 'scim_token_change', outcome: 'done', code: 'revoked', actor: actorOf(client, onBehalfOf) });
      return gone;
    });
    if (!isGone) throw new NotFoundException(`There is no SCIM token ${tokenId}.`);
  }

  /** Says which roles the members of a group have. Whoever has none left is signed out. */
  @Put('groups/:groupId/roles')
  @Answers(z.object({ groupId: z.uuid(), displayName: z.string(), roles: z.array(personRoleSchema) }))
  async giveRoles(@Param('groupId', ParseUUIDPipe) groupId: string, @Body() body: unknown, @ClientId() client: string, @Headers(onBehalfOfHeader) onBehalfOf: string | undefined): Promise<{ groupId: string; displayName: string; roles: readonly PersonRole[] }> {
    const { roles } = rolesSchema.parse(body);
    return this.work.run(tenantContext.require().tenantId, async (manager) => {
      const group = await groups.findAndLock(manager, groupId);
      if (!group) throw new NotFoundException(`There is no group ${groupId}.`);
      await setGroupRoles(manager, groupId, roles, this.register);
      await this.audit.record(manager, { action: 'group_change', outcome: 'done', code: 'roles', actor: actorOf(client, onBehalfOf) });
      return { groupId, displayName: group.displayName, roles };
    });
  }
}
