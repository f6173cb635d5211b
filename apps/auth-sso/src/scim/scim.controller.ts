import { Body, Controller, Delete, Get, Header, Headers, HttpCode, Param, Patch, Post, Put, Query, Res, UseFilters } from '@nestjs/common';
import { Public } from '@crossdock/service-tokens';
import type { FastifyReply } from 'fastify';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { TenantWork } from '../tenant-work.ts';
import { listDocument, listQuerySchema, resourceTypes, scimMediaType, selected, serviceProviderConfig, type ListQuery } from './scim-documents.ts';
import { ScimErrorFilter } from './scim-error.filter.ts';
import { ScimError } from './scim-error.ts';
import { ScimGroups } from './scim-groups.ts';
import { scimSchemaDocuments } from './scim-schemas.ts';
import { ScimTokens, type ScimClient } from './scim-tokens.ts';
import { ScimUsers } from './scim-users.ts';

type Resource = Record<string, unknown>;
type Bearer = string | undefined;

/** What users and groups have in common for a client. */
interface ResourceStore {
  list(manager: EntityManager, query: ListQuery): Promise<{ resources: Resource[]; total: number }>;
  find(manager: EntityManager, id: string): Promise<Resource>;
  create(manager: EntityManager, client: ScimClient, body: unknown): Promise<Resource>;
  replace(manager: EntityManager, client: ScimClient, id: string, body: unknown): Promise<Resource>;
  patch(manager: EntityManager, client: ScimClient, id: string, body: unknown): Promise<Resource>;
  remove(manager: EntityManager, client: ScimClient, id: string): Promise<void>;
}

const idSchema = z.uuid().toLowerCase();

/**
 * SCIM 2.0 (RFC 7643, RFC 7644) for clients that provision a tenant's people: users and groups, filters, operations,
 * pages. The bearer token names the tenant; without one nothing is told. Errors have the protocol's own form.
 */
@Public()
@UseFilters(ScimErrorFilter)
@Controller('scim/v2')
export class ScimController {
  readonly #stores: Readonly<Record<string, ResourceStore>>;

  constructor(private readonly work: TenantWork, private readonly tokens: ScimTokens, users: ScimUsers, groups: ScimGroups) {
    this.#stores = { Users: users, Groups: groups };
  }

  @Get('ServiceProviderConfig')
  @Header('content-type', scimMediaType)
  async configuration(@Headers('authorization') bearer: Bearer): Promise<object> {
    await this.tokens.authenticate(bearer);
    return serviceProviderConfig;
  }

  @Get('ResourceTypes')
  @Header('content-type', scimMediaType)
  async types(@Headers('authorization') bearer: Bearer, @Query('filter') filter: unknown): Promise<object> {
    await this.tokens.authenticate(bearer);
    return wholeList(resourceTypes, filter);
  }

  @Get('ResourceTypes/:id')
  @Header('content-type', scimMediaType)
  async type(@Headers('authorization') bearer: Bearer, @Param('id') id: string): Promise<object> {
    await this.tokens.authenticate(bearer);
    return documentOf(resourceTypes, id);
  }

  @Get('Schemas')
  @Header('content-type', scimMediaType)
  async schemas(@Headers('authorization') bearer: Bearer, @Query('filter') filter: unknown): Promise<object> {
    await this.tokens.authenticate(bearer);
    return wholeList(scimSchemaDocuments, filter);
  }

  @Get('Schemas/:id')
  @Header('content-type', scimMediaType)
  async schema(@Headers('authorization') bearer: Bearer, @Param('id') id: string): Promise<object> {
    await this.tokens.authenticate(bearer);
    return documentOf(scimSchemaDocuments, id);
  }

  /** `filter`, `startIndex` (from 1), `count` (at most 200), `attributes`, `excludedAttributes`. */
  @Get(':type')
  @Header('content-type', scimMediaType)
  async list(@Headers('authorization') bearer: Bearer, @Param('type') type: string, @Query() query: unknown): Promise<object> {
    const client = await this.tokens.authenticate(bearer);
    const asked = listQuerySchema.parse(query);
    const { resources, total } = await this.work.run(client.tenantId, (manager) => this.#store(type).list(manager, asked));
    return listDocument(resources.map((resource) => selected(resource, asked)), asked, total);
  }

  @Get(':type/:id')
  @Header('content-type', scimMediaType)
  async find(@Headers('authorization') bearer: Bearer, @Param('type') type: string, @Param('id') id: string, @Query() query: unknown): Promise<object> {
    const client = await this.tokens.authenticate(bearer);
    const asked = listQuerySchema.parse(query);
    return selected(await this.work.run(client.tenantId, (manager) => this.#store(type).find(manager, this.#id(type, id))), asked);
  }

  @Post(':type')
  @Header('content-type', scimMediaType)
  async create(@Headers('authorization') bearer: Bearer, @Param('type') type: string, @Body() body: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const client = await this.tokens.authenticate(bearer);
    const resource = await this.work.run(client.tenantId, (manager) => this.#store(type).create(manager, client, body));
    const { meta } = resource;
    if (typeof meta === 'object' && meta !== null && 'location' in meta) void reply.header('location', String(meta.location));
    return selected(resource, {});
  }

  @Put(':type/:id')
  @Header('content-type', scimMediaType)
  async replace(@Headers('authorization') bearer: Bearer, @Param('type') type: string, @Param('id') id: string, @Body() body: unknown): Promise<object> {
    const client = await this.tokens.authenticate(bearer);
    return selected(await this.work.run(client.tenantId, (manager) => this.#store(type).replace(manager, client, this.#id(type, id), body)), {});
  }

  @Patch(':type/:id')
  @Header('content-type', scimMediaType)
  async patch(@Headers('authorization') bearer: Bearer, @Param('type') type: string, @Param('id') id: string, @Body() body: unknown): Promise<object> {
    const client = await this.tokens.authenticate(bearer);
    return selected(await this.work.run(client.tenantId, (manager) => this.#store(type).patch(manager, client, this.#id(type, id), body)), {});
  }

  @Delete(':type/:id')
  @HttpCode(204)
  async remove(@Headers('authorization') bearer: Bearer, @Param('type') type: string, @Param('id') id: string): Promise<void> {
    const client = await this.tokens.authenticate(bearer);
    await this.work.run(client.tenantId, (manager) => this.#store(type).remove(manager, client, this.#id(type, id)));
  }

  #store(type: string): ResourceStore {
    const store = Object.hasOwn(this.#stores, type) ? this.#stores[type] : undefined;
    if (!store) throw new ScimError(404, 'There are Users and Groups.');
    return store;
  }

  #id(type: string, text: string): string {
    this.#store(type);
    const id = idSchema.safeParse(text);
    if (!id.success) throw new ScimError(404, 'There is no resource of this id.');
    return id.data;
  }
}

/** What the service provider says of itself is not filtered (RFC 7644 §4). */
function wholeList(documents: readonly object[], filter: unknown): object {
  if (filter !== undefined) throw new ScimError(403, 'This list is not filtered.');
  return listDocument(documents, { startIndex: 1 }, documents.length);
}

function documentOf(documents: ReadonlyArray<{ readonly id: string }>, id: string): object {
  const found = documents.find((document) => document.id === id);
  if (!found) throw new ScimError(404, 'There is nothing of this id.');
  return found;
}
