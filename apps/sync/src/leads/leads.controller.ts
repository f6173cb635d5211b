import { RequireScope } from '@crossdock/service-tokens';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { BadRequestException, Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { Answers } from '@crossdock/contracts';
import { leadKeySchema, leadSchema, takenLeadSchema, type TakenLead } from './lead.ts';
import { Leads } from './leads.ts';

/** Leads for the tenant at hand. */
@Controller('v1/leads')
export class LeadsController {
  constructor(private readonly database: TenantDatabase, private readonly leads: Leads) {}

  /** Takes a lead: 202; the accounts follow in the background. 422 names the fields that are missing or wrong. */
  @RequireScope('leads:write')
  @Post()
  @HttpCode(202)
  @Answers(takenLeadSchema)
  async take(@Headers('idempotency-key') key: unknown, @Body() body: unknown): Promise<TakenLead> {
    const idempotencyKey = leadKeySchema.safeParse(key);
    if (!idempotencyKey.success) throw new BadRequestException('The header Idempotency-Key is required: 1 to 255 visible ASCII characters, one key a lead.');
    const lead = leadSchema.parse(body);
    return this.database.transaction(tenantContext.require().tenantId, (manager) => this.leads.take(manager, idempotencyKey.data, lead));
  }
}
