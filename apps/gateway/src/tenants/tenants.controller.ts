import { Body, Controller, ConflictException, Get, NotFoundException, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { z } from 'zod';
import { RequireOperatorScope } from '@crossdock/service-tokens';
import { TenantRepository, type Tenant } from './tenant.repository.ts';

const newTenantSchema = z.strictObject({
  slug: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and hyphens, at most 63'),
  name: z.string().trim().min(1).max(255),
});

/** Tenants, for operators. */
@RequireOperatorScope('tenants:manage')
@Controller('v1/tenants')
export class TenantsController {
  constructor(private readonly tenants: TenantRepository) {}

  /** Creates a tenant. 409 where the slug is taken. */
  @Post()
  async create(@Body() body: unknown): Promise<Tenant> {
    const tenant = await this.tenants.create(newTenantSchema.parse(body));
    if (!tenant) throw new ConflictException('The slug is taken by another tenant.');
    return tenant;
  }

  @Get(':id')
  async find(@Param('id', ParseUUIDPipe) id: string): Promise<Tenant> {
    const tenant = await this.tenants.find(id);
    if (!tenant) throw new NotFoundException(`There is no tenant ${id}.`);
    return tenant;
  }
}
