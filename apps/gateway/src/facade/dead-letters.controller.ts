import { Answers } from '@crossdock/contracts';
import { bulkResultSchema, deadLetterViewSchema, ownBulkActSchema, type BulkResult, type DeadLetterView } from '@crossdock/operations';
import { CurrentCaller, RequireScope, type Caller } from '@crossdock/service-tokens';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  deadLetterListSchema, deadLetterPageSchema, deadLetterPathSchema, deadLetterSummarySchema, servicePathSchema, TenantDeadLetters, type DeadLetterPage, type DeadLetterSummary,
} from './dead-letters.ts';

/** What could not be worked off of a tenant, and work that is parked until its account is mended, in all services. */
@RequireScope('dead-letters:read')
@Controller('v1/dead-letters')
export class TenantDeadLettersController {
  constructor(private readonly letters: TenantDeadLetters) {}

  /** Of all services, oldest first, without secrets and personal data. What a service that does not answer holds is missing, and `unavailable` names it. */
  @Get()
  @Answers(deadLetterPageSchema)
  list(@Query() query: unknown): Promise<DeadLetterPage> {
    deadLetterListSchema.parse(query);
    return this.letters.list(query);
  }

  /** How many there are, by service, what they are and why, and since when. */
  @Get('summary')
  @Answers(deadLetterSummarySchema)
  summary(): Promise<DeadLetterSummary> {
    return this.letters.summary();
  }

  /** One with its content, redacted, and what was done with it before. */
  @Get(':service/:id')
  @Answers(deadLetterViewSchema)
  show(@Param() path: unknown): Promise<DeadLetterView> {
    return this.letters.show(deadLetterPathSchema.parse(path));
  }

  /**
   * Has those of a service worked off again: those named, or a page of those that a filter means, oldest first. What came of each is told; one that somebody else was
   * faster with is `not_found`.
   */
  @RequireScope('dead-letters:write')
  @Post(':service/replay')
  @HttpCode(200)
  @Answers(bulkResultSchema)
  replay(@Param() path: unknown, @Body() body: unknown, @CurrentCaller() { clientId }: Caller): Promise<BulkResult> {
    return this.letters.act('replay', servicePathSchema.parse(path), ownBulkActSchema.parse(body), clientId);
  }

  /** Gives those of a service up, named in the same way. It cannot be taken back. */
  @RequireScope('dead-letters:write')
  @Post(':service/discard')
  @HttpCode(200)
  @Answers(bulkResultSchema)
  discard(@Param() path: unknown, @Body() body: unknown, @CurrentCaller() { clientId }: Caller): Promise<BulkResult> {
    return this.letters.act('discard', servicePathSchema.parse(path), ownBulkActSchema.parse(body), clientId);
  }
}
