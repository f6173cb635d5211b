import { onBehalfOfHeader } from '@crossdock/operations';
import { ClientId, RequireScope } from '@crossdock/service-tokens';
import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Put, Query } from '@nestjs/common';
import { WrittenDownBehind } from '../audit/audit.interceptor.ts';
import { forwardedQuery } from './forwarded-query.ts';
import { InternalClient, type InternalCall } from './internal-client.ts';

/** A tenant's people, how they sign on, and who provisions them, as auth-sso keeps it. */
@RequireScope('identity:read')
@WrittenDownBehind()
@Controller('v1/identity')
export class IdentityController {
  constructor(private readonly internal: InternalClient) {}

  /** Identity providers of the tenant, without their secrets. */
  @Get('providers')
  listProviders(): Promise<unknown> {
    return this.internal.call('auth-sso', { method: 'GET', path: '/v1/identity/providers' });
  }

  /** Adds an identity provider, once it has answered under its issuer. */
  @RequireScope('identity:write')
  @Post('providers')
  addProvider(@Body() body: unknown, @ClientId() client: string): Promise<unknown> {
    return this.#act(client, { method: 'POST', path: '/v1/identity/providers', body });
  }

  /** Changes an identity provider, all but its issuer. */
  @RequireScope('identity:write')
  @Put('providers/:providerId')
  changeProvider(@Param('providerId', ParseUUIDPipe) providerId: string, @Body() body: unknown, @ClientId() client: string): Promise<unknown> {
    return this.#act(client, { method: 'PUT', path: `/v1/identity/providers/${providerId}`, body });
  }

  /** Removes an identity provider, and people's links to it. */
  @RequireScope('identity:write')
  @Delete('providers/:providerId')
  @HttpCode(204)
  removeProvider(@Param('providerId', ParseUUIDPipe) providerId: string, @ClientId() client: string): Promise<unknown> {
    return this.#act(client, { method: 'DELETE', path: `/v1/identity/providers/${providerId}` });
  }

  /** People in the order in which they were added; `next` is `after` of the next page. */
  @Get('people')
  listPeople(@Query() query: unknown): Promise<unknown> {
    return this.internal.call('auth-sso', { method: 'GET', path: `/v1/identity/people${forwardedQuery(query)}` });
  }

  /** A person and all roles, wherever they come from. */
  @Get('people/:personId')
  findPerson(@Param('personId', ParseUUIDPipe) personId: string): Promise<unknown> {
    return this.internal.call('auth-sso', { method: 'GET', path: `/v1/identity/people/${personId}` });
  }

  /** Adds a person, who may then sign on by a provider that proves the e-mail address. */
  @RequireScope('identity:write')
  @Post('people')
  addPerson(@Body() body: unknown, @ClientId() client: string): Promise<unknown> {
    return this.#act(client, { method: 'POST', path: '/v1/identity/people', body });
  }

  /** Gives and takes roles, or switches a person off and on. */
  @RequireScope('identity:write')
  @Patch('people/:personId')
  changePerson(@Param('personId', ParseUUIDPipe) personId: string, @Body() body: unknown, @ClientId() client: string): Promise<unknown> {
    return this.#act(client, { method: 'PATCH', path: `/v1/identity/people/${personId}`, body });
  }

  /** Removes a person, whose sessions and tokens end within seconds. */
  @RequireScope('identity:write')
  @Delete('people/:personId')
  @HttpCode(204)
  removePerson(@Param('personId', ParseUUIDPipe) personId: string, @ClientId() client: string): Promise<unknown> {
    return this.#act(client, { method: 'DELETE', path: `/v1/identity/people/${personId}` });
  }

  /** A person's live sessions. */
  @Get('people/:personId/sessions')
  listSessions(@Param('personId', ParseUUIDPipe) personId: string): Promise<unknown> {
    return this.internal.call('auth-sso', { method: 'GET', path: `/v1/identity/people/${personId}/sessions` });
  }

  /** Signs a person out everywhere. */
  @RequireScope('identity:write')
  @Delete('people/:personId/sessions')
  endSessions(@Param('personId', ParseUUIDPipe) personId: string, @ClientId() client: string): Promise<unknown> {
    return this.#act(client, { method: 'DELETE', path: `/v1/identity/people/${personId}/sessions` });
  }

  /** Tokens of clients that provision people, without the tokens themselves. */
  @RequireScope('identity:write')
  @Get('scim-tokens')
  listTokens(): Promise<unknown> {
    return this.internal.call('auth-sso', { method: 'GET', path: '/v1/identity/scim-tokens' });
  }

  /** Makes a token for a client that provisions people; this answer alone tells it. */
  @RequireScope('identity:write')
  @Post('scim-tokens')
  makeToken(@Body() body: unknown, @ClientId() client: string): Promise<unknown> {
    return this.#act(client, { method: 'POST', path: '/v1/identity/scim-tokens', body });
  }

  /** Revokes such a token. */
  @RequireScope('identity:write')
  @Delete('scim-tokens/:tokenId')
  @HttpCode(204)
  revokeToken(@Param('tokenId', ParseUUIDPipe) tokenId: string, @ClientId() client: string): Promise<unknown> {
    return this.#act(client, { method: 'DELETE', path: `/v1/identity/scim-tokens/${tokenId}` });
  }

  /** Says which roles the members of a group have. */
  @RequireScope('identity:write')
  @Put('groups/:groupId/roles')
  giveRoles(@Param('groupId', ParseUUIDPipe) groupId: string, @Body() body: unknown, @ClientId() client: string): Promise<unknown> {
    return this.#act(client, { method: 'PUT', path: `/v1/identity/groups/${groupId}/roles`, body });
  }

  /** Who it was is written down where it is done. */
  #act(client: string, call: InternalCall): Promise<unknown> {
    return this.internal.call('auth-sso', { ...call, headers: { [onBehalfOfHeader]: client } });
  }
}
