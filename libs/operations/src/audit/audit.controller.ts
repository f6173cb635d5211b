import { Controller, Get, Query } from '@nestjs/common';
import { RequireOperatorScope } from '@crossdock/service-tokens';
import { TenantDatabase } from '@crossdock/tenancy';
import { Answers, pageSchema } from '@crossdock/contracts';
import { auditQuerySchema, auditViewSchema, listAudit, type AuditView } from './operation-audit.ts';

/** What operators did in this service. */
@RequireOperatorScope('operations:read')
@Controller('v1/operations/audit')
export class AuditController {
  readonly #database: TenantDatabase;

  constructor(database: TenantDatabase) {
    this.#database = database;
  }

  @Get()
  @Answers(pageSchema(auditViewSchema))
  async list(@Query() query: unknown): Promise<{ items: AuditView[]; nextCursor?: string }> {
    const wanted = auditQuerySchema.parse(query);
    const items = await this.#database.systemTransaction((manager) => listAudit(manager, wanted));
    const last = items.at(-1);
    return { items, ...(items.length === wanted.limit && last && { nextCursor: last.id }) };
  }
}
