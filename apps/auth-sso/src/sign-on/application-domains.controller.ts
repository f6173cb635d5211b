import { Body, ConflictException, Controller, Delete, Get, HttpCode, NotFoundException, Param, ParseUUIDPipe, Post, UnprocessableEntityException } from '@nestjs/common';
import { RequireOperatorScope } from '@crossdock/service-tokens';
import { z } from 'zod';
import { ApplicationDomains, originSchema, type ApplicationDomain } from './application-domains.ts';
import { SignOnHost } from './sign-on-host.ts';

const newDomainSchema = z.strictObject({ origin: originSchema });

/** Which hosts are whose, for operators: whoever may name hosts decides where people are sent with a login token. */
@RequireOperatorScope('tenants:manage')
@Controller('v1/tenants/:tenantId/application-domains')
export class ApplicationDomainsController {
  constructor(private readonly domains: ApplicationDomains, private readonly signOnHost: SignOnHost) {}

  @Get()
  async list(@Param('tenantId', ParseUUIDPipe) tenantId: string): Promise<{ items: Array<Omit<ApplicationDomain, 'tenantId'>> }> {
    return { items: (await this.domains.list(tenantId)).map(({ host, origin }) => ({ host, origin })) };
  }

  /** 409 where the host belongs to another tenant. */
  @Post()
  async add(@Param('tenantId', ParseUUIDPipe) tenantId: string, @Body() body: unknown): Promise<Omit<ApplicationDomain, 'tenantId'>> {
    const { origin } = newDomainSchema.parse(body);
    if (this.signOnHost.is(new URL(origin).host)) throw new UnprocessableEntityException('The sign-on host cannot be an application’s host as well.');
    const domain = await this.domains.add(tenantId.toLowerCase(), origin);
    if (!domain) throw new ConflictException('The host belongs to another tenant.');
    return { host: domain.host, origin: domain.origin };
  }

  @Delete(':host')
  @HttpCode(204)
  async remove(@Param('tenantId', ParseUUIDPipe) tenantId: string, @Param('host') host: string): Promise<void> {
    if (!await this.domains.remove(tenantId, host)) throw new NotFoundException('The tenant has no such host.');
  }
}
