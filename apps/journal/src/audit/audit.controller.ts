import { Readable } from 'node:stream';
import { RequireScope } from '@crossdock/service-tokens';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Body, Controller, Get, HttpCode, Put, Query, StreamableFile } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Answers, AnswersIn, pageSchema } from '@crossdock/contracts';
import { z } from 'zod';
import { chainVerdictSchema, verifyChain, type ChainVerdict } from './audit-chain.ts';
import { auditQuerySchema, auditViewSchema, listAudit, type AuditQuery, type AuditView } from './audit-query.ts';
import { keepRetention, readRetention, retentionSchema } from './audit-retention.ts';

/** So many entries of a file are in memory at a time. */
const exportPage = 1_000;

/** Who did what to which of the tenant's records, and what came of it. */
@Controller('v1/audit')
@RequireScope('audit:read')
export class AuditController {
  constructor(private readonly database: TenantDatabase) {}

  /** Newest first: `actor`, `action`, `record`, `since`, `until`, `limit`, `cursor`. */
  @Get()
  @Answers(pageSchema(auditViewSchema))
  async list(@Query() query: unknown): Promise<{ items: AuditView[]; nextCursor?: string }> {
    const wanted = auditQuerySchema.parse(query);
    const items = await this.#inTenant((manager) => listAudit(manager, wanted));
    const last = items.at(-1);
    return { items, ...(items.length === wanted.limit && last && { nextCursor: String(last.sequence) }) };
  }

  /** All of it, newest first, a JSON document a line, with the hashes by which somebody else can check the chain. */
  @Get('export')
  @AnswersIn('application/x-ndjson', auditViewSchema)
  export(@Query() query: unknown): StreamableFile {
    const { limit: _, cursor: __, ...wanted } = auditQuerySchema.parse(query);
    return new StreamableFile(Readable.from(this.#lines(tenantContext.require().tenantId, wanted)), { type: 'application/x-ndjson', disposition: 'attachment; filename="audit.ndjson"' });
  }

  /** Whether every entry is what it was, from the oldest that is kept to the newest. */
  @Get('verification')
  @Answers(chainVerdictSchema)
  verify(): Promise<ChainVerdict> {
    return this.#inTenant((manager) => verifyChain(manager, tenantContext.require().tenantId));
  }

  /** For how many days entries are kept. */
  @Get('retention')
  @Answers(z.object({ days: z.int() }))
  async retention(): Promise<{ days: number }> {
    return { days: await this.#inTenant(readRetention) };
  }

  @RequireScope('audit:write')
  @Put('retention')
  @HttpCode(200)
  @Answers(z.object({ days: z.int() }))
  async retain(@Body() body: unknown): Promise<{ days: number }> {
    const { days } = retentionSchema.parse(body);
    await this.#inTenant((manager) => keepRetention(manager, tenantContext.require().tenantId, days));
    return { days };
  }

  async *#lines(tenantId: string, wanted: Omit<AuditQuery, 'limit' | 'cursor'>): AsyncGenerator<string> {
    for (let cursor: number | undefined; ;) {
      const page = await this.database.transaction(tenantId, (manager) => listAudit(manager, { ...wanted, limit: exportPage, cursor }));
      if (page.length > 0) yield page.map((entry) => `${JSON.stringify(entry)}\n`).join('');
      cursor = page.at(-1)?.sequence;
      if (page.length < exportPage || cursor === undefined) return;
    }
  }

  #inTenant<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.database.transaction(tenantContext.require().tenantId, work);
  }
}
