import { Answers } from '@crossdock/contracts';
import { RequireScope } from '@crossdock/service-tokens';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CallingActor, type Actor } from '../operator.ts';
import { bulkResultSchema, type BulkResult } from './dead-letter-acts.ts';
import { deadLetterCountsSchema, type DeadLetterCounts } from './dead-letter-counts.ts';
import { deadLetterPageSchema, deadLetterViewSchema, type DeadLetterPage, type DeadLetterView } from './dead-letter-view.ts';
import { OwnDeadLetters } from './own-dead-letters.ts';

/** What this service could not work off of a tenant, and what its people do about it. The gateway shows that of all services together. */
@RequireScope('dead-letters:read')
@Controller('v1/own-dead-letters')
export class OwnDeadLettersController {
  constructor(private readonly letters: OwnDeadLetters) {}

  /** Oldest first, with the place of each in the list. */
  @Get()
  @Answers(deadLetterPageSchema)
  list(@Query() query: unknown): Promise<DeadLetterPage> {
    return this.letters.list(query);
  }

  /** How many there are, by what they are and why. */
  @Get('counts')
  @Answers(deadLetterCountsSchema)
  count(): Promise<DeadLetterCounts> {
    return this.letters.count();
  }

  @Get(':id')
  @Answers(deadLetterViewSchema)
  show(@Param('id') id: string): Promise<DeadLetterView> {
    return this.letters.show(id);
  }

  /** Works many off again: those named, or one page of those that a filter means. */
  @RequireScope('dead-letters:write')
  @Post('replay')
  @HttpCode(200)
  @Answers(bulkResultSchema)
  replay(@Body() body: unknown, @CallingActor() actor: Actor): Promise<BulkResult> {
    return this.letters.act('replay', body, actor);
  }

  /** Gives many up, likewise. */
  @RequireScope('dead-letters:write')
  @Post('discard')
  @HttpCode(200)
  @Answers(bulkResultSchema)
  discard(@Body() body: unknown, @CallingActor() actor: Actor): Promise<BulkResult> {
    return this.letters.act('discard', body, actor);
  }
}
