import { Answers } from '@crossdock/contracts';
import { CurrentCaller, RequireCaller, type Caller } from '@crossdock/service-tokens';
import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { TenantRepository } from '../tenants/tenant.repository.ts';

const callerSchema = z.object({
  kind: z.enum(['service', 'api_key', 'user']),
  id: z.string().describe('As it is written down of what the caller does: a client id, `api-key/<id>` or `user/<id>`.'),
  scopes: z.array(z.string()).describe('What the caller may, in alphabetical order.'),
  tenant: z.object({ id: z.uuid(), name: z.string().exactOptional().describe('Absent for a tenant that nobody made here.') }),
}).meta({ id: 'Caller' });
type CallerView = z.infer<typeof callerSchema>;

/** Who calls, for those who show it to people. */
@Controller('v1/caller')
export class CallerController {
  constructor(private readonly tenants: TenantRepository) {}

  /** Who calls, for which tenant, and what they may: what a page leaves out or greys for somebody. */
  @RequireCaller()
  @Get()
  @Answers(callerSchema)
  async read(@CurrentCaller() { kind, clientId, scopes, tenantId }: Caller): Promise<CallerView> {
    const tenant = await this.tenants.find(tenantId);
    return { kind, id: clientId, scopes: [...scopes].sort(), tenant: { id: tenantId, ...(tenant && { name: tenant.name }) } };
  }
}
