import { Readable } from 'node:stream';
import { Answers, AnswersWithText, Failure, pageSchema } from '@crossdock/contracts';
import { RequireScope } from '@crossdock/service-tokens';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, StreamableFile } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { findRun } from '../runs/run.repository.ts';
import { Syncs } from '../syncs/syncs.ts';
import { advised, advisedErrorSchema, type AdvisedError } from './advice.ts';
import { leftOutSchema, listLeftOut, type LeftOut } from './left-out.repository.ts';
import { recordErrorsAsCsv, recordErrorsCsvExample } from './record-errors-csv.ts';
import {
  fieldConflictSchema, foundDifferenceSchema, listConflicts, listDifferences, listErrors, type AfterLink, type FieldConflict, type FoundDifference, type RecordError,
} from './trouble.repository.ts';
import { Trouble } from './trouble.ts';

const limitSchema = z.coerce.number().int().min(1).max(500).default(100);
/** `<golden id>/<connection id>` of the last record of the page before. */
const linkCursorSchema = z.string().transform((text, context): AfterLink => {
  const parsed = z.tuple([z.uuid(), z.uuid()]).safeParse(text.split('/'));
  if (parsed.success) return { goldenId: parsed.data[0], connectionId: parsed.data[1] };
  context.addIssue({ code: 'custom', message: 'is not one that an earlier page gave' });
  return z.NEVER;
});
/** @public */
export const linkPageSchema = z.strictObject({ limit: limitSchema, cursor: linkCursorSchema.optional() });
/** @public */
export const driftPageSchema = z.strictObject({ limit: limitSchema, cursor: z.string().regex(/^\d{1,19}$/).default('0') });
/** @public */
export const retrySchema = z.strictObject({ goldenIds: z.array(z.uuid()).min(1).max(1_000).optional() });
/** @public */
export const decisionSchema = z.strictObject({ winner: z.enum(['ours', 'theirs']) });
/** So many rows of a file are in memory at a time. */
const csvPage = 1_000;

// The values of a field that may say something of a person are left out for whoever may not see people's data.
const shownConflictSchema = fieldConflictSchema.partial({ ours: true, theirs: true }).meta({ id: 'SyncConflict' });
const shownDifferenceSchema = foundDifferenceSchema.partial({ expected: true, found: true }).meta({ id: 'SyncDifference' });

/** Records that an account did not take, fields that wait for a decision, and what complete readings found. */
@Controller('v1/syncs/:id')
@RequireScope('syncs:read')
export class TroubleController {
  constructor(private readonly database: TenantDatabase, private readonly syncs: Syncs, private readonly trouble: Trouble) {}

  @Get('errors')
  @Answers(pageSchema(advisedErrorSchema))
  async errors(@Param('id', ParseUUIDPipe) id: string, @Query() query: unknown): Promise<{ items: AdvisedError[]; nextCursor?: string }> {
    const { limit, cursor } = linkPageSchema.parse(query);
    const items = await this.#inSync(id, (manager) => listErrors(manager, id, limit, cursor));
    return { items: items.map(advised), ...cursorAfter(items, limit) };
  }

  /** All of them as a file of RFC 4180, for people; texts that a spreadsheet would take for formulas are quoted as text. */
  @Get('errors.csv')
  @AnswersWithText('text/csv', recordErrorsCsvExample)
  async errorsAsCsv(@Param('id', ParseUUIDPipe) id: string): Promise<StreamableFile> {
    const { tenantId } = tenantContext.require();
    await this.#inSync(id, async () => undefined);
    const pageAfter = (after?: AfterLink) => this.database.transaction(tenantId, (manager) => listErrors(manager, id, csvPage, after));
    return new StreamableFile(Readable.from(csvOf(pageAfter)), { type: 'text/csv; charset=utf-8', disposition: 'attachment; filename="sync-errors.csv"' });
  }

  @RequireScope('syncs:write')
  @Post('errors/retry')
  @HttpCode(202)
  @Answers(z.object({ records: z.int() }))
  async retry(@Param('id', ParseUUIDPipe) id: string, @Body() body: unknown): Promise<{ records: number }> {
    const { goldenIds } = retrySchema.parse(body ?? {});
    return { records: await this.#inSync(id, (manager) => this.trouble.retry(manager, id, goldenIds)) };
  }

  @Get('conflicts')
  @Answers(pageSchema(shownConflictSchema))
  async conflicts(@Param('id', ParseUUIDPipe) id: string, @Query() query: unknown): Promise<{ items: FieldConflict[]; nextCursor?: string }> {
    const { limit, cursor } = linkPageSchema.parse(query);
    const items = await this.#inSync(id, (manager) => listConflicts(manager, id, limit, cursor));
    return { items, ...cursorAfter(items, limit) };
  }

  /** Says which value is right; it is then written wherever the other one stands. */
  @RequireScope('syncs:write')
  @Post('conflicts/:goldenId/:connectionId/:field')
  @HttpCode(204)
  async decide(
    @Param('id', ParseUUIDPipe) id: string, @Param('goldenId', ParseUUIDPipe) goldenId: string,
    @Param('connectionId', ParseUUIDPipe) connectionId: string, @Param('field') field: string, @Body() body: unknown,
  ): Promise<void> {
    const { winner } = decisionSchema.parse(body);
    await this.#inSync(id, async (manager) => this.trouble.decide(manager, await this.syncs.find(manager, id), { goldenId, connectionId, field }, winner));
  }

  /** Records that belong to several companies, in accounts that take one of them. Nobody need do anything. */
  @Get('left-out-companies')
  @Answers(pageSchema(leftOutSchema))
  async leftOut(@Param('id', ParseUUIDPipe) id: string, @Query() query: unknown): Promise<{ items: LeftOut[]; nextCursor?: string }> {
    const { limit, cursor } = linkPageSchema.parse(query);
    const items = await this.#inSync(id, async (manager) => listLeftOut(manager, await this.syncs.find(manager, id), limit, cursor));
    return { items, ...cursorAfter(items, limit) };
  }

  @Get('runs/:runId/differences')
  @Answers(pageSchema(shownDifferenceSchema))
  async differences(
    @Param('id', ParseUUIDPipe) id: string, @Param('runId', ParseUUIDPipe) runId: string, @Query() query: unknown,
  ): Promise<{ items: FoundDifference[]; nextCursor?: string }> {
    const { limit, cursor } = driftPageSchema.parse(query);
    const items = await this.#inSync(id, async (manager) => {
      if ((await findRun(manager, runId))?.syncId !== id) throw new Failure('not_found', `Sync ${id} has no run ${runId}.`);
      return listDifferences(manager, runId, limit, cursor);
    });
    const last = items.at(-1);
    return { items, ...(items.length === limit && last && { nextCursor: last.driftId }) };
  }

  /** @throws Failure `not_found` for a sync that the tenant does not have. */
  #inSync<Result>(id: string, work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.database.transaction(tenantContext.require().tenantId, async (manager) => {
      await this.syncs.find(manager, id);
      return work(manager);
    });
  }
}

async function* csvOf(pageAfter: (after?: AfterLink) => Promise<RecordError[]>): AsyncGenerator<string> {
  for (let after: AfterLink | undefined; ;) {
    const page = await pageAfter(after);
    yield recordErrorsAsCsv(page.map(advised), { hasHeader: after === undefined });
    after = page.at(-1);
    if (page.length < csvPage) return;
  }
}

function cursorAfter(items: readonly AfterLink[], limit: number): { nextCursor?: string } {
  const last = items.at(-1);
  return items.length >= limit && last ? { nextCursor: `${last.goldenId}/${last.connectionId}` } : {};
}
