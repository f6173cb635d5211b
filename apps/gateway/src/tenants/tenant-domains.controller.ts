import { ConflictException, Controller, Delete, Get, HttpCode, NotFoundException, Param, Put } from '@nestjs/common';
import { Answers, domainNameSchema, installationId } from '@crossdock/contracts';
import { RequireOperatorScope } from '@crossdock/service-tokens';
import { z } from 'zod';
import { TenantDomainRepository } from './tenant-domain.repository.ts';
import { TenantRepository } from './tenant.repository.ts';

/** @public */
export const tenantPathSchema = z.object({ id: z.uuid() });
/** @public */
export const pathSchema = tenantPathSchema.extend({ domain: domainNameSchema });

type Domains = { readonly items: readonly { readonly domain: string }[] };

/**
 * Domains that belong to a tenant, for operators: a request sent there is for that tenant, whatever else it says is refused; pages there
 * may call the interface from a browser, and people of the tenant sign on there. At those of the installation itself, whose id is all zeros, operators sign on.
 */
@RequireOperatorScope('tenants:manage')
@Controller('v1/tenants/:id/domains')
export class TenantDomainsController {
  constructor(private readonly domains: TenantDomainRepository, private readonly tenants: TenantRepository) {}

  /** The domains of a tenant. */
  @Get()
  @Answers(z.object({ items: z.array(z.object({ domain: z.string() })) }))
  async list(@Param() path: unknown): Promise<Domains> {
    const { id } = tenantPathSchema.parse(path);
    await this.#require(id);
    return { items: (await this.domains.list(id)).map((domain) => ({ domain })) };
  }

  /** Gives a domain to the tenant; known at the gateway within five seconds, and to sign-on by an event. 409 where it is another's. */
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
    if (id !== installationId && !await this.tenants.find(id)) throw new NotFoundException(`There is no tenant ${id}.`);
  }
}
