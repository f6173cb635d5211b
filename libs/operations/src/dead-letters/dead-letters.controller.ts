import { Body, Controller, Get, HttpCode, NotFoundException, Param, Post, Query } from '@nestjs/common';
import { RequireOperatorScope } from '@crossdock/service-tokens';
import { TenantDatabase } from '@crossdock/tenancy';
import { Answers } from '@crossdock/contracts';
import { Operator, type Actor } from '../operator.ts';
import { AllDeadLetters } from './all-dead-letters.ts';
import { actResultSchema, bulkResultSchema, DeadLetterActs, type Act, type ActResult, type BulkResult } from './dead-letter-acts.ts';
import { deadLetterCountsOfAllSchema, type DeadLetterCountsOfAll } from './dead-letter-counts.ts';
import { actSchema, bulkActSchema, deadLetterIdSchema } from './dead-letter-filter.ts';
import { cursorAfter, listDeadLetters } from './dead-letter-list.ts';
import { deadLetterPageSchema, deadLetterViewSchema, viewDeadLetter, type DeadLetterPage, type DeadLetterView } from './dead-letter-view.ts';

/** What this service could not work off, for operators: across tenants, or of one. */
@Controller('v1/operations/dead-letters')
export class DeadLettersController {
  readonly #database: TenantDatabase;
  readonly #acts: DeadLetterActs;
  readonly #letters: AllDeadLetters;

  constructor(database: TenantDatabase, acts: DeadLetterActs, letters: AllDeadLetters) {
    this.#database = database;
    this.#acts = acts;
    this.#letters = letters;
  }

  @RequireOperatorScope('operations:read')
  @Get()
  @Answers(deadLetterPageSchema)
  list(@Query() query: unknown): Promise<DeadLetterPage> {
    return this.#letters.list(query);
  }

  /** How many there are, by tenant, what they are and why. */
  @RequireOperatorScope('operations:read')
  @Get('counts')
  @Answers(deadLetterCountsOfAllSchema)
  count(): Promise<DeadLetterCountsOfAll> {
    return this.#letters.count();
  }

  @RequireOperatorScope('operations:read')
  @Get(':id')
  @Answers(deadLetterViewSchema)
  async show(@Param('id') id: string): Promise<DeadLetterView> {
    const view = await this.#database.systemTransaction((manager) => viewDeadLetter(manager, deadLetterIdSchema.parse(id)));
    if (!view) throw new NotFoundException(`There is no dead letter ${id}; somebody may have dealt with it.`);
    return view;
  }

  /** Works many off again: those named, or one page of those that a filter means. */
  @RequireOperatorScope('operations:write')
  @Post('replay')
  @HttpCode(200)
  @Answers(bulkResultSchema)
  replayMany(@Body() body: unknown, @Operator() actor: Actor): Promise<BulkResult> {
    return this.#actOnMany('replay', body, actor);
  }

  @RequireOperatorScope('operations:write')
  @Post('discard')
  @HttpCode(200)
  @Answers(bulkResultSchema)
  discardMany(@Body() body: unknown, @Operator() actor: Actor): Promise<BulkResult> {
    return this.#actOnMany('discard', body, actor);
  }

  @RequireOperatorScope('operations:write')
  @Post(':id/replay')
  @HttpCode(200)
  @Answers(actResultSchema)
  replay(@Param('id') id: string, @Body() body: unknown, @Operator() actor: Actor): Promise<ActResult> {
    return this.#actOnOne('replay', id, body, actor);
  }

  @RequireOperatorScope('operations:write')
  @Post(':id/discard')
  @HttpCode(200)
  @Answers(actResultSchema)
  discard(@Param('id') id: string, @Body() body: unknown, @Operator() actor: Actor): Promise<ActResult> {
    return this.#actOnOne('discard', id, body, actor);
  }

  async #actOnOne(action: Act, id: string, body: unknown, actor: Actor): Promise<ActResult> {
    const { reason } = actSchema.parse(body);
    const result = await this.#acts.act(action, deadLetterIdSchema.parse(id), { actor, reason });
    if (result.result === 'not_found') throw new NotFoundException(`There is no dead letter ${id}; somebody may have dealt with it.`);
    return result;
  }

  /** One after the other, in the order given or oldest first: what builds on one another stays in order. */
  async #actOnMany(action: Act, body: unknown, actor: Actor): Promise<BulkResult> {
    const wanted = bulkActSchema.parse(body);
    const { ids, nextCursor } = 'ids' in wanted ? { ids: wanted.ids, nextCursor: undefined } : await this.#idsOf(wanted);
    const results: ActResult[] = [];
    for (const id of ids) results.push(await this.#acts.act(action, id, { actor, reason: wanted.reason }));
    return { results, ...(nextCursor !== undefined && { nextCursor }) };
  }

  async #idsOf({ filter, limit, cursor }: {
    readonly filter: Parameters<typeof listDeadLetters>[1]; readonly limit: number; readonly cursor?: string | undefined;
  }): Promise<{ ids: string[]; nextCursor: string | undefined }> {
    const page = await this.#database.systemTransaction((manager) => listDeadLetters(manager, filter, { limit, cursor }));
    return { ids: page.map(({ id }) => id), nextCursor: cursorAfter(page, limit) };
  }
}
