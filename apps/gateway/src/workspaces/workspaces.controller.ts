import { Body, ConflictException, Controller, Delete, Get, HttpCode, NotFoundException, Param, ParseUUIDPipe, Post, Put, Query } from '@nestjs/common';
import { ConnectionStore } from '@crossdock/connections';
import { wrongAt } from '@crossdock/service-kit';
import { CurrentCaller, RequireScope, type Caller } from '@crossdock/service-tokens';
import { z } from 'zod';
import { Answers, pageSchema } from '@crossdock/contracts';
import { listQuerySchema, pageOf, type ListPage } from '../requests/list-page.ts';
import { WorkspaceRepository, workspaceSchema, type Workspace } from './workspace.repository.ts';

/** @public */
export const newWorkspaceSchema = z.strictObject({ name: z.string().trim().min(1).max(100) });

/** Parts of a tenant, such as brands or countries. A connection belongs to one of them or to none; they say what belongs together, for reports and for keys that see one of them alone. */
@RequireScope('connections:read')
@Controller('v1/workspaces')
export class WorkspacesController {
  constructor(private readonly workspaces: WorkspaceRepository, private readonly connections: ConnectionStore) {}

  /** The tenant’s workspaces with their connections: `limit`, `cursor`. */
  @Get()
  @Answers(pageSchema(workspaceSchema))
  async list(@Query() query: unknown, @CurrentCaller() { tenantId }: Caller): Promise<ListPage<Workspace>> {
    const wanted = listQuerySchema.parse(query);
    return pageOf(await this.workspaces.list(tenantId), wanted);
  }

  /** A workspace with its connections. */
  @Get(':id')
  @Answers(workspaceSchema)
  async find(@Param('id', ParseUUIDPipe) id: string, @CurrentCaller() { tenantId }: Caller): Promise<Workspace> {
    return await this.workspaces.find(tenantId, id) ?? noWorkspace(id);
  }

  /** Makes a workspace. 409 where the name is taken. */
  @RequireScope('connections:write')
  @Post()
  @Answers(workspaceSchema)
  async create(@Body() body: unknown, @CurrentCaller() { tenantId }: Caller): Promise<Workspace> {
    const { name } = newWorkspaceSchema.parse(body);
    const created = await this.workspaces.create(tenantId, name);
    if (!created) throw new ConflictException(wrongAt('/name', `There is a workspace named ${name} already.`));
    return created;
  }

  /** Ends a workspace; its connections stay, and belong to none. */
  @RequireScope('connections:write')
  @Delete(':id')
  @HttpCode(204)
  async delete(@Param('id', ParseUUIDPipe) id: string, @CurrentCaller() { tenantId }: Caller): Promise<void> {
    if (!await this.workspaces.delete(tenantId, id)) noWorkspace(id);
  }

  /** Takes a connection into a workspace, out of the one that it belonged to. */
  @RequireScope('connections:write')
  @Put(':id/connections/:connectionId')
  @HttpCode(204)
  async take(@Param('id', ParseUUIDPipe) id: string, @Param('connectionId', ParseUUIDPipe) connectionId: string, @CurrentCaller() { tenantId }: Caller): Promise<void> {
    if (!await this.connections.find(tenantId, connectionId)) throw new NotFoundException(`The tenant has no connection ${connectionId}.`);
    if (!await this.workspaces.take(tenantId, id, connectionId)) noWorkspace(id);
  }

  /** Lets a connection belong to no workspace. */
  @RequireScope('connections:write')
  @Delete(':id/connections/:connectionId')
  @HttpCode(204)
  async letGo(@Param('id', ParseUUIDPipe) id: string, @Param('connectionId', ParseUUIDPipe) connectionId: string, @CurrentCaller() { tenantId }: Caller): Promise<void> {
    if (!await this.workspaces.find(tenantId, id)) noWorkspace(id);
    await this.workspaces.letGo(tenantId, id, connectionId);
  }
}

function noWorkspace(id: string): never {
  throw new NotFoundException(`The tenant has no workspace ${id}.`);
}
