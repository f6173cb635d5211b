import { Body, ConflictException, Controller, Delete, Get, HttpCode, NotFoundException, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { wrongAt } from '@crossdock/service-kit';
import { RequireOperatorScope } from '@crossdock/service-tokens';
import { Answers, pageSchema as pageOfSchema, tenantStates } from '@crossdock/contracts';
import { z } from 'zod';
import { tenantSchema, type Tenant } from './tenant.ts';
import { TenantRepository, type TenantStep } from './tenant.repository.ts';

/** @public */
export const newTenantSchema = z.strictObject({
  slug: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and hyphens, at most 63'),
  name: z.string().trim().min(1).max(255),
});
/** @public */
export const pageSchema = z.strictObject({
  state: z.enum(tenantStates).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.uuid().optional(),
});
/** @public */
export const deletionSchema = z.strictObject({
  retentionDays: z.coerce.number().int().min(0).max(365).default(30).describe('Days in which the tenant may be resumed, before nothing of it is left.'),
});

/** Tenants and their life, for operators. */
@RequireOperatorScope('tenants:manage')
@Controller('v1/tenants')
export class TenantsController {
  constructor(private readonly tenants: TenantRepository) {}

  /** Creates a tenant. 409 where the slug is taken. */
  @Post()
  @Answers(tenantSchema)
  async create(@Body() body: unknown): Promise<Tenant> {
    const tenant = await this.tenants.create(newTenantSchema.parse(body));
    if (!tenant) throw new ConflictException(wrongAt('/slug', 'The slug is taken by another tenant.'));
    return tenant;
  }

  /** Newest first: `state`, `limit`, `cursor`. */
  @Get()
  @Answers(pageOfSchema(tenantSchema))
  async list(@Query() query: unknown): Promise<{ readonly items: readonly Tenant[]; readonly nextCursor?: string }> {
    const { state, limit, cursor } = pageSchema.parse(query);
    const found = await this.tenants.list({ state, limit: limit + 1, before: cursor });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, ...(found.length > limit && last && { nextCursor: last.id }) };
  }

  /** A tenant and the state of its life. */
  @Get(':id')
  @Answers(tenantSchema)
  find(@Param('id', ParseUUIDPipe) id: string): Promise<Tenant> {
    return this.#require(id);
  }

  /** Suspends a tenant: it may not call, and its work rests, within seconds. What vendors tell is still taken, and rests as well. */
  @Post(':id/suspend')
  @HttpCode(200)
  @Answers(tenantSchema)
  suspend(@Param('id', ParseUUIDPipe) id: string): Promise<Tenant> {
    return this.#step(id, { state: 'suspended' });
  }

  /** Resumes a suspended tenant, or a deleted one that was not erased yet: its work goes on where it rested. */
  @Post(':id/resume')
  @HttpCode(200)
  @Answers(tenantSchema)
  resume(@Param('id', ParseUUIDPipe) id: string): Promise<Tenant> {
    return this.#step(id, { state: 'active' });
  }

  /** Deletes a tenant: at once it may not call and its work rests, and after `retentionDays` nothing of it is left in any service. */
  @Delete(':id')
  @HttpCode(202)
  @Answers(tenantSchema)
  delete(@Param('id', ParseUUIDPipe) id: string, @Query() query: unknown): Promise<Tenant> {
    return this.#step(id, { state: 'deleted', ...deletionSchema.parse(query) });
  }

  async #step(id: string, step: TenantStep): Promise<Tenant> {
    const tenant = await this.tenants.step(id, step);
    if (tenant) return tenant;
    const { state } = await this.#require(id);
    throw new ConflictException(`The tenant is ${state}, and cannot become ${step.state}.`);
  }

  async #require(id: string): Promise<Tenant> {
    const tenant = await this.tenants.find(id);
    if (!tenant) throw new NotFoundException(`There is no tenant ${id}.`);
    return tenant;
  }
}
