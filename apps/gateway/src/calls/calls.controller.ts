import { Controller, Get, NotFoundException, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import {
  callPageSchema, callQuerySchema, ConnectionStore, listCalls, listUsage, usageQuerySchema, usageSchema, type CallPage } from '@crossdock/connections';
import { RequireOperatorScope, RequireScope } from '@crossdock/service-tokens';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { z } from 'zod';
import { Answers } from '@crossdock/contracts';

/** @public */
export const operatorCallsSchema = callQuerySchema.extend({ tenantId: z.uuid(), connectionId: z.uuid().optional() });
/** @public */
export const operatorUsageSchema = usageQuerySchema.extend({ tenantId: z.uuid().optional() });

const usageAnswerSchema = z.object({ items: z.array(usageSchema) });
type Usage = z.infer<typeof usageAnswerSchema>;

/** What was called at vendors, for a tenant and for support. The paths hold no ids, and nothing of what was said is kept. */
@Controller('v1')
export class CallsController {
  constructor(private readonly connections: ConnectionStore, private readonly database: TenantDatabase) {}

  /** Calls of one connection, newest first: `since`, `until`, `result` (success, failed), `operation`, `limit`, `cursor`. */
  @RequireScope('connections:read')
  @Get('connections/:id/calls')
  @Answers(callPageSchema)
  async ofConnection(@Param('id', ParseUUIDPipe) id: string, @Query() query: unknown): Promise<CallPage> {
    const wanted = callQuerySchema.parse(query);
    const { tenantId } = tenantContext.require();
    if (!await this.connections.find(tenantId, id)) throw new NotFoundException(`The tenant has no connection ${id}.`);
    return this.database.transaction(tenantId, (manager) => listCalls(manager, wanted, id));
  }

  /** The tenant's calls by vendor and day (UTC), `from` and `to` included; without them the last thirty days. */
  @RequireScope('connections:read')
  @Get('usage')
  @Answers(usageAnswerSchema)
  async usage(@Query() query: unknown): Promise<Usage> {
    const wanted = usageQuerySchema.parse(query);
    return { items: await this.database.transaction(tenantContext.require().tenantId, (manager) => listUsage(manager, wanted)) };
  }

  /** The same for support, of the tenant named by `tenantId` and, where it is given, its connection `connectionId`. */
  @RequireOperatorScope('operations:read')
  @Get('operations/calls')
  @Answers(callPageSchema)
  async forSupport(@Query() query: unknown): Promise<CallPage> {
    const { tenantId, connectionId, ...wanted } = operatorCallsSchema.parse(query);
    return this.database.transaction(tenantId, (manager) => listCalls(manager, wanted, connectionId));
  }

  /** Calls of every tenant by vendor and day, or of the one named by `tenantId`. */
  @RequireOperatorScope('operations:read')
  @Get('operations/usage')
  @Answers(usageAnswerSchema)
  async usageForSupport(@Query() query: unknown): Promise<Usage> {
    const { tenantId, ...wanted } = operatorUsageSchema.parse(query);
    const items = tenantId === undefined
      ? await this.database.systemTransaction((manager) => listUsage(manager, wanted))
      : await this.database.transaction(tenantId, (manager) => listUsage(manager, wanted));
    return { items };
  }
}
