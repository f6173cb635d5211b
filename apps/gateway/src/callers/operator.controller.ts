import { Answers } from '@crossdock/contracts';
import { CurrentOperator, RequireOperatorScope, type OperatorCaller } from '@crossdock/service-tokens';
import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { TenantRepository } from '../tenants/tenant.repository.ts';

/** @public */
export const operatedTenantsSchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.uuid().optional().describe('`nextCursor` of the page before.'),
  search: z.string().trim().min(1).max(255).optional().describe('Only tenants with this in their name or slug, in whatever case, or as their id.'),
});
const operatorSchema = z.object({
  kind: z.enum(['service', 'api_key', 'user']),
  id: z.string().describe('As it is written down of what the operator does: a client id, or `operator/<id>` for a person.'),
  name: z.string().exactOptional().describe('Of a person.'),
  scopes: z.array(z.string()).describe('What the operator may, in alphabetical order.'),
}).meta({ id: 'Operator' });
type OperatorView = z.infer<typeof operatorSchema>;
const tenantPageSchema = z.object({
  items: z.array(z.object({ id: z.uuid(), slug: z.string(), name: z.string(), state: z.string() }).meta({ id: 'OperatedTenant' })).readonly(),
  nextCursor: z.string().exactOptional(),
});
type TenantPage = z.infer<typeof tenantPageSchema>;

/** Who runs the installation, and for whom they can work. */
@RequireOperatorScope('operations:read')
@Controller('v1/operators')
export class OperatorController {
  constructor(private readonly tenants: TenantRepository) {}

  /** The operator who calls, and what they may: what a page leaves out or greys for somebody. */
  @Get('caller')
  @Answers(operatorSchema)
  read(@CurrentOperator() { kind, clientId, name, scopes }: OperatorCaller): OperatorView {
    return { kind, id: clientId, ...(name !== undefined && { name }), scopes: [...scopes].sort() };
  }

  /** Tenants that an operator can name in `x-crossdock-tenant`, newest first. */
  @Get('tenants')
  @Answers(tenantPageSchema)
  async list(@Query() query: unknown): Promise<TenantPage> {
    const { limit, cursor, search } = operatedTenantsSchema.parse(query);
    const found = await this.tenants.list({ search, limit: limit + 1, before: cursor });
    const items = found.slice(0, limit).map(({ id, slug, name, state }) => ({ id, slug, name, state }));
    const last = items.at(-1);
    return { items, ...(found.length > limit && last && { nextCursor: last.id }) };
  }
}
