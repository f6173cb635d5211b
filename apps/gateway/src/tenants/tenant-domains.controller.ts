import { ConflictException, Controller, Delete, Get, HttpCode, NotFoundException, Param, Put } from '@nestjs/common';
import { RequireOperatorScope } from '@crossdock/service-tokens';
import { z } from 'zod';
import { TenantDomainRepository } from './tenant-domain.repository.ts';
import { TenantRepository } from './tenant.repository.ts';

/** A host name of RFC 1123 in lower case, with at least one dot and no port. */
const domainSchema = z.string().max(253).regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/, 'a domain name in lower case, such as hub.example.com');
/** @public */
export const tenantPathSchema = z.object({ id: z.uuid() });
/** @public */
export const pathSchema = tenantPathSchema.extend({ domain: domainSchema });

type Domains = { readonly items: readonly { readonly domain: string }[] };

/**
 * Domains that belong to a tenant, for operators: a request sent there is for that tenant, whatever else it says is refused; pages there
 * may call the interface from a browser.
 */
@RequireOperatorScope('tenants:manage')
@Controller('v1/tenants/:id/domains')
export class TenantDomainsController {
  constructor(private readonly domains: TenantDomainRepository, private readonly tenants: TenantRepository) {}

  /** The domains of a tenant. */
  @Get()
  async list(@Param() path: unknown): Promise<Domains> {
    const { id } = tenantPathSchema.parse(path);
    await this.#require(id);
    return { items: (await this.domains.list(id)).map((domain) => ({ domain })) };
  }

  /** Gives a domain to the tenant; known everywhere within five seconds. 409 where it is another's. */
  @Put(':domain')
  @HttpCode(204)
  async add(@Param() path: unknown): Promise<void> {
    const { id, domain } = pathSchema.parse(path);
    await this.#require(id);
    if (!await this.domains.add(id, domain)) throw new ConflictException(`The domain ${domain} belongs to another tenant.`);
  }

  /** Takes a domain from the tenant. */
  @Delete(':domain')
  @HttpCode(204)
  async remove(@Param() path: unknown): Promise<void> {
    const { id, domain } = pathSchema.parse(path);
    if (!await this.domains.remove(id, domain)) throw new NotFoundException(`The tenant has no domain ${domain}.`);
  }

  async #require(id: string): Promise<void> {
    if (!await this.tenants.find(id)) throw new NotFoundException(`There is no tenant ${id}.`);
  }
}
