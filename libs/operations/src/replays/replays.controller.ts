import { Body, Controller, Get, HttpCode, NotFoundException, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { Answers, Failure } from '@crossdock/contracts';
import { TopicReplay } from '@crossdock/event-bus';
import { RequireOperatorScope } from '@crossdock/service-tokens';
import { z } from 'zod';
import { actSchema } from '../dead-letters/dead-letter-filter.ts';
import { Operator, type Actor } from '../operator.ts';
import { ReplayRunner } from './replay-runner.ts';
import { ReplayStore } from './replay-store.ts';
import { newReplaySchema, replayViewSchema, viewReplay, type Replay, type ReplayView } from './replay.ts';

/** Reading a range of a topic again into this service, for operators. */
@Controller('v1/operations/replays')
export class ReplaysController {
  readonly #store: ReplayStore;
  readonly #runner: ReplayRunner;
  readonly #replay: TopicReplay;

  constructor(store: ReplayStore, runner: ReplayRunner, replay: TopicReplay) {
    this.#store = store;
    this.#runner = runner;
    this.#replay = replay;
  }

  /** Asks for a replay: 202, and it runs in the background. The same id gives the same replay. */
  @RequireOperatorScope('operations:write')
  @Post()
  @HttpCode(202)
  @Answers(replayViewSchema)
  async start(@Body() body: unknown, @Operator() actor: Actor): Promise<ReplayView> {
    const wanted = newReplaySchema.parse(body);
    if (!this.#replay.hears(wanted.type)) throw new Failure('invalid', `This service does not hear ${wanted.type}.`);
    const replay = await this.#store.start(wanted, actor);
    this.#runner.wake();
    return viewReplay(replay);
  }

  @RequireOperatorScope('operations:read')
  @Get()
  @Answers(z.object({ items: z.array(replayViewSchema) }))
  async list(): Promise<{ readonly items: readonly ReplayView[] }> {
    return { items: (await this.#store.list()).map(viewReplay) };
  }

  @RequireOperatorScope('operations:read')
  @Get(':id')
  @Answers(replayViewSchema)
  async show(@Param('id', ParseUUIDPipe) id: string): Promise<ReplayView> {
    const replay = await this.#store.find(id);
    if (!replay) throw new NotFoundException(`There is no replay ${id}.`);
    return viewReplay(replay);
  }

  /** Ends a replay; what it has applied stays. */
  @RequireOperatorScope('operations:write')
  @Post(':id/cancel')
  @HttpCode(200)
  @Answers(replayViewSchema)
  async cancel(@Param('id', ParseUUIDPipe) id: string, @Body() body: unknown, @Operator() actor: Actor): Promise<ReplayView> {
    return answer(await this.#store.cancel(id, actor, actSchema.parse(body).reason), 'There is no such replay that could be ended.');
  }

  /** Lets a failed or cancelled replay go on from where it stood. */
  @RequireOperatorScope('operations:write')
  @Post(':id/resume')
  @HttpCode(200)
  @Answers(replayViewSchema)
  async resume(@Param('id', ParseUUIDPipe) id: string, @Body() body: unknown, @Operator() actor: Actor): Promise<ReplayView> {
    const resumed = await this.#store.resume(id, actor, actSchema.parse(body).reason);
    this.#runner.wake();
    return answer(resumed, 'There is no such replay that could go on.');
  }
}

function answer(replay: Replay | undefined, otherwise: string): ReplayView {
  if (!replay) throw new Failure('conflict', otherwise);
  return viewReplay(replay);
}
