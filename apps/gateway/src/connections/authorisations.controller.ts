import { Body, Controller, Headers, NotFoundException, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { Answers, Failure, vendorSchema, type Vendor } from '@crossdock/contracts';
import { Authorisations, ConnectionStore } from '@crossdock/connections';
import { ClientId, RequireScope } from '@crossdock/service-tokens';
import { tenantContext } from '@crossdock/tenancy';
import { EdgeCallers } from '../callers/edge-callers.ts';
import { TenantRepository } from '../tenants/tenant.repository.ts';
import { ConnectableVendors } from './connectable-vendors.ts';
import { AuthorisationLinks } from './authorisation-links.ts';
import { credentialsSchema } from './credentials.schema.ts';
import { connectionViewSchema, toConnectionView } from './connection-view.ts';

const detailsShape = {
  /** What the vendor's library needs to know before, such as Salesforce's environment or a shop's address. */
  settings: z.record(z.string(), z.unknown()).default({}),
  /** Where the person goes in the end: this installation, an origin of `RETURN_ORIGINS`, or the tenant's own page that asks. */
  returnTo: z.string().optional(),
  /** For vendors that are connected by keys. */
  credentials: credentialsSchema.optional(),
};
/** @public */
export const authorisationSchema = z.strictObject({ vendor: vendorSchema, ...detailsShape });
/** @public */
export const reconnectSchema = z.strictObject(detailsShape);
type Details = z.infer<typeof reconnectSchema>;

/** By consent the caller gets an address for the person's browser, by credentials the connection itself. */
const authorisationAnswerSchema = z.union([z.object({ authorizationUrl: z.string() }), z.object({ connection: connectionViewSchema })]);
type AuthorisationAnswer = z.infer<typeof authorisationAnswerSchema>;

/** How accounts are connected, and connected again. */
@RequireScope('connections:write')
@Controller('v1/connections')
export class AuthorisationsController {
  constructor(
    private readonly authorisations: Authorisations,
    private readonly connections: ConnectionStore,
    private readonly links: AuthorisationLinks,
    private readonly tenants: TenantRepository,
    private readonly vendors: ConnectableVendors,
    private readonly callers: EdgeCallers,
  ) {}

  /**
   * Connects an account. The address for the browser works for ten minutes and in one browser. 409 where the account is
   * connected elsewhere, 403 where the tenant may not connect accounts of the vendor, 422 where settings or credentials do not serve.
   */
  @Post('authorizations')
  @Answers(authorisationAnswerSchema)
  async authorise(@Body() body: unknown, @ClientId() actor: string, @Headers('origin') origin: string | undefined): Promise<AuthorisationAnswer> {
    const { vendor, ...details } = authorisationSchema.parse(body);
    const { tenantId } = tenantContext.require();
    if (!await this.tenants.find(tenantId)) throw new NotFoundException('There is no such tenant.');
    await this.vendors.require(tenantId, vendor);
    return this.#authorise({ tenantId, vendor, connectionId: uuid(), actor, origin }, details);
  }

  /** Connects the account of a connection again; id, mappings and work that rests stay. 404 where the tenant has no such connection. */
  @Post(':id/reconnect')
  @Answers(authorisationAnswerSchema)
  async reconnect(
    @Param('id', ParseUUIDPipe) id: string, @Body() body: unknown, @ClientId() actor: string, @Headers('origin') origin: string | undefined,
  ): Promise<AuthorisationAnswer> {
    const { tenantId } = tenantContext.require();
    const connection = await this.connections.find(tenantId, id);
    if (!connection) throw new NotFoundException(`The tenant has no connection ${id}.`);
    const { settings, ...details } = reconnectSchema.parse(body ?? {});
    const request = { tenantId, vendor: connection.vendor, connectionId: id, actor, origin };
    return this.#authorise(request, { ...details, settings: { ...this.authorisations.settingsAgain(connection), ...settings } });
  }

  async #authorise(
    { origin, ...request }: { readonly tenantId: string; readonly vendor: Vendor; readonly connectionId: string; readonly actor: string; readonly origin: string | undefined },
    { settings, returnTo, credentials }: Details,
  ): Promise<AuthorisationAnswer> {
    if (credentials) {
      if (returnTo !== undefined) throw new Failure('invalid', 'returnTo is for accounts that are connected in the browser.', { pointer: '/returnTo' });
      return { connection: toConnectionView(await this.authorisations.connectByCredentials(request, { credentials, settings })) };
    }
    const id = await this.authorisations.begin(request, {
      settings, ...(returnTo !== undefined && { returnTo: this.links.returnAddress(returnTo, await this.#ownPage(request.tenantId, origin)) }),
    });
    return { authorizationUrl: this.links.startUrl(id) };
  }

  /** The origin of the page that asks, where its domain is the tenant's. */
  async #ownPage(tenantId: string, origin: string | undefined): Promise<string | undefined> {
    const page = origin === undefined ? null : URL.parse(origin);
    if (page === null || page.origin !== origin || (page.protocol !== 'https:' && !page.hostname.endsWith('.localhost'))) return undefined;
    return await this.callers.tenantOfDomain(page.hostname) === tenantId ? origin : undefined;
  }
}
