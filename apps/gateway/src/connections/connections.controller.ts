import { Body, Controller, Get, Inject, NotFoundException, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { z } from 'zod';
import { connectionCreated, vendorSchema } from '@crossdock/contracts';
import { ConnectionStore, CredentialVault, type Connection } from '@crossdock/connections';
import { EventPublisher } from '@crossdock/event-bus';
import { RequireScope } from '@crossdock/service-tokens';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { TenantRepository } from '../tenants/tenant.repository.ts';

const newConnectionSchema = z.strictObject({
  vendor: vendorSchema,
  accountId: z.string().min(1).max(512),
  settings: z.record(z.string(), z.unknown()).default({}),
  credentials: z.record(z.string().regex(/^[a-z_]{1,64}$/), z.string().min(1).max(8_192)),
});

/** A connection as callers see it: its secrets go in and never come out. */
type ConnectionView = Omit<Connection, 'tenantId' | 'stateSince'> & { readonly stateSince: string };

function toView({ tenantId: _, stateSince, ...rest }: Connection): ConnectionView {
  return { ...rest, stateSince: stateSince.toISOString() };
}

/** A tenant's connections to vendors. */
@Controller('v1/connections')
export class ConnectionsController {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly vault: CredentialVault,
    private readonly publisher: EventPublisher,
    @Inject(TenantDatabase) private readonly database: TenantDatabase,
    private readonly tenants: TenantRepository,
  ) {}

  /** Connects an account whose credentials are at hand. 409 where the account is connected already. */
  @RequireScope('connections:write')
  @Post()
  async create(@Body() body: unknown): Promise<ConnectionView> {
    const { credentials, ...wanted } = newConnectionSchema.parse(body);
    const { tenantId } = tenantContext.require();
    if (!await this.tenants.find(tenantId)) throw new NotFoundException('There is no such tenant.');
    const connection = await this.database.transaction(tenantId, async (manager) => {
      const created = await this.connections.create(manager, { ...wanted, tenantId, state: 'healthy' });
      for (const [field, secret] of Object.entries(credentials)) await this.vault.put(manager, created, field, secret);
      await this.publisher.publish(manager, connectionCreated, {
        subject: `connection/${created.id}`, data: { connectionId: created.id, vendor: created.vendor },
      });
      return created;
    });
    return toView(connection);
  }

  @RequireScope('connections:read')
  @Get()
  async list(): Promise<{ readonly items: readonly ConnectionView[] }> {
    const found = await this.connections.list(tenantContext.require().tenantId);
    return { items: found.map(toView) };
  }

  @RequireScope('connections:read')
  @Get(':id')
  async find(@Param('id', ParseUUIDPipe) id: string): Promise<ConnectionView> {
    const found = await this.connections.find(tenantContext.require().tenantId, id);
    if (!found) throw new NotFoundException(`The tenant has no connection ${id}.`);
    return toView(found);
  }
}
