import { Body, Controller, Delete, Get, HttpCode, Inject, NotFoundException, Param, ParseUUIDPipe, Post, Put, Query } from '@nestjs/common';
import { z } from 'zod';
import { Answers, connectionCreated, pageSchema, vendorSchema } from '@crossdock/contracts';
import {
  auditConnection, capabilityViewSchema, connectionAuditSchema, ConnectionStore, ConnectionUpkeep, CredentialVault, listConnectionAudit, type CapabilityView, type Connection, type ConnectionAuditView,
} from '@crossdock/connections';
import { EventPublisher } from '@crossdock/event-bus';
import { ClientId, RequireScope } from '@crossdock/service-tokens';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { shopAccountId, shopAddress, shopNameIn } from '@crossdock/vendor-woocommerce';
import { listQuerySchema, pageOf, type ListPage } from '../requests/list-page.ts';
import { TenantRepository } from '../tenants/tenant.repository.ts';
import { ConnectionBudgets, connectionHealthSchema, type ConnectionHealthView } from './connection-budget.ts';
import { ConnectionReading } from './connection-reading.ts';
import { ConnectableVendors } from './connectable-vendors.ts';
import { connectionViewSchema, toConnectionView, type ConnectionView } from './connection-view.ts';
import { credentialsSchema } from './credentials.schema.ts';
import { DisconnectTasks } from './disconnect.tasks.ts';
import { SecretChanges, secretChangeSchema } from './secret-changes.ts';

/** Somebody waits for the answer. */
const probePatienceMs = 15_000;

/** @public */
export const newConnectionSchema = z.strictObject({
  vendor: vendorSchema,
  /** For WooCommerce the address of the shop; `settings.shopName` says what people know it by. */
  accountId: z.string().min(1).max(512),
  endpoint: z.url().max(512).optional(),
  settings: z.record(z.string(), z.unknown()).default({}),
  credentials: credentialsSchema,
});
type NewConnectionBody = Omit<z.infer<typeof newConnectionSchema>, 'credentials'>;

/** A tenant's connections to vendors. */
@Controller('v1/connections')
export class ConnectionsController {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly reading: ConnectionReading,
    private readonly vault: CredentialVault,
    private readonly publisher: EventPublisher,
    @Inject(TenantDatabase) private readonly database: TenantDatabase,
    private readonly tenants: TenantRepository,
    private readonly disconnects: DisconnectTasks,
    private readonly secretChanges: SecretChanges,
    private readonly vendors: ConnectableVendors,
    private readonly upkeep: ConnectionUpkeep,
    private readonly budgets: ConnectionBudgets,
  ) {}

  /**
   * Takes over an account whose credentials are at hand and known to be good, such as from another system: the vendor is
   * not asked. 409 where the account is connected already, 403 where the tenant may not connect accounts of the vendor.
   */
  @RequireScope('connections:write')
  @Post()
  @Answers(connectionViewSchema)
  async create(@Body() body: unknown, @ClientId() actor: string): Promise<ConnectionView> {
    const { credentials, ...wanted } = newConnectionSchema.parse(body);
    const { tenantId } = tenantContext.require();
    if (!await this.tenants.find(tenantId)) throw new NotFoundException('There is no such tenant.');
    await this.vendors.require(tenantId, wanted.vendor);
    const connection = await this.database.transaction(tenantId, async (manager) => {
      const created = await this.connections.create(manager, { ...accountOf(wanted), tenantId, state: 'healthy' });
      for (const [field, secret] of Object.entries(credentials)) await this.vault.put(manager, created, field, secret);
      await this.publisher.publish(manager, connectionCreated, {
        subject: `connection/${created.id}`, data: { connectionId: created.id, vendor: created.vendor },
      });
      await auditConnection(manager, { tenantId, connectionId: created.id, vendor: created.vendor, actor, action: 'connection.created', outcome: 'healthy' });
      return created;
    });
    return toConnectionView(connection);
  }

  /** The tenant’s connected accounts: `limit`, `cursor`. */
  @RequireScope('connections:read')
  @Get()
  @Answers(pageSchema(connectionViewSchema))
  async list(@Query() query: unknown): Promise<ListPage<ConnectionView>> {
    const wanted = listQuerySchema.parse(query);
    return pageOf(await this.reading.list(), wanted);
  }

  /** A connection, and what its account allows as far as somebody has looked. */
  @RequireScope('connections:read')
  @Get(':id')
  @Answers(connectionViewSchema.extend({ capabilities: capabilityViewSchema.exactOptional() }))
  async find(@Param('id', ParseUUIDPipe) id: string): Promise<ConnectionView & { readonly capabilities?: CapabilityView }> {
    const connection = await this.reading.require(id);
    const capabilities = await this.reading.capabilities(connection);
    return { ...toConnectionView(connection), ...(capabilities && { capabilities }) };
  }

  /**
   * How the connection stands: state with reason and since when, the last probe, what the account allows and what is missing
   * there, how much of the vendor's limits is used and when it is renewed, and what to show to people.
   */
  @RequireScope('connections:read')
  @Get(':id/health')
  @Answers(connectionHealthSchema)
  async health(@Param('id', ParseUUIDPipe) id: string): Promise<ConnectionHealthView> {
    return this.#healthOf(await this.reading.require(id));
  }

  /**
   * Looks now whether the vendor serves the connection, as is done by itself every now and then, and tells how it stands then. A connection that a person has to
   * connect again is not looked at; what the vendor does not answer within fifteen seconds counts as a look that failed.
   */
  @RequireScope('connections:write')
  @Post(':id/probe')
  @HttpCode(200)
  @Answers(connectionHealthSchema)
  async probe(@Param('id', ParseUUIDPipe) id: string): Promise<ConnectionHealthView> {
    const connection = await this.reading.require(id);
    await this.upkeep.attend(connection.tenantId, id, AbortSignal.timeout(probePatienceMs));
    return this.#healthOf(connection);
  }

  /** What was done to the connection, newest first. */
  @RequireScope('connections:read')
  @Get(':id/audit')
  @Answers(z.object({ items: z.array(connectionAuditSchema) }))
  async audit(@Param('id', ParseUUIDPipe) id: string): Promise<{ readonly items: readonly ConnectionAuditView[] }> {
    const { tenantId } = await this.reading.require(id);
    return { items: await this.database.transaction(tenantId, (manager) => listConnectionAudit(manager, id)) };
  }

  /**
   * Exchanges secrets of a connection. Keys are tried at the vendor first, and must be of the same account; what verifies
   * webhooks is exchanged at once, and the one before holds for `overlapSeconds` more.
   */
  @RequireScope('connections:write')
  @Put(':id/secrets')
  @Answers(connectionViewSchema)
  async changeSecrets(@Param('id', ParseUUIDPipe) id: string, @Body() body: unknown, @ClientId() actor: string): Promise<ConnectionView> {
    const connection = await this.reading.require(id);
    await this.secretChanges.apply(connection, secretChangeSchema.parse(body), actor);
    return toConnectionView(await this.reading.require(id));
  }

  /** Disconnects: nothing is done for the connection from now on; it is taken back at the vendor and its secrets are forgotten. */
  @RequireScope('connections:write')
  @Delete(':id')
  @HttpCode(202)
  @Answers(connectionViewSchema)
  async disconnect(@Param('id', ParseUUIDPipe) id: string, @ClientId() actor: string): Promise<ConnectionView> {
    await this.disconnects.begin(await this.reading.require(id), actor);
    return toConnectionView(await this.reading.require(id));
  }

  async #healthOf(connection: Connection): Promise<ConnectionHealthView> {
    const [report, budget] = await Promise.all([this.reading.health(connection.id), this.budgets.of(connection)]);
    return { ...report, ...(budget && { budget }) };
  }
}

/** A shop is named by its address, which is kept sealed: outside of the vault a digest stands for it, and to people the name that `settings.shopName` gives it. */
function accountOf({ vendor, accountId, endpoint, settings }: NewConnectionBody): Pick<Connection, 'vendor' | 'accountId' | 'accountName' | 'endpoint' | 'settings'> {
  if (vendor !== 'woocommerce') return { vendor, accountId, settings, ...(endpoint !== undefined && { endpoint }) };
  const { shopName: _, ...kept } = settings;
  const accountName = shopNameIn(settings);
  return { vendor, accountId: shopAccountId(accountId, '/accountId'), endpoint: shopAddress(accountId), settings: kept, ...(accountName !== undefined && { accountName }) };
}
