import { BackgroundLoop, type RoundResult } from '@crossdock/background-loop';
import { asFailure, Failure } from '@crossdock/contracts';
import type { ReplayCheckpoint, ReplayOrder, TopicReplay } from '@crossdock/event-bus';
import type { Logger } from 'pino';
import { v4 as uuid } from 'uuid';
import type { ReplayStore } from './replay-store.ts';
import type { Replay } from './replay.ts';

const idlePollMs = 2_000;
const faultPauseMs = 2_000;
const leaseRenewalMs = 4_000;
const retryPauseSeconds = 5;
/** Runs that a fault of ours may spoil before a person must look; Kafka or the database being away does not count. */
const attempts = 5;

/** Runs the replays that operators asked for, one at a time a process; another process goes on where one died. */
export class ReplayRunner {
  readonly #holder = uuid();
  readonly #store: ReplayStore;
  readonly #replay: TopicReplay;
  readonly #logger: Logger;
  readonly #isDatabaseAway: (error: unknown) => boolean;
  readonly #loop: BackgroundLoop;
  readonly #stop = new AbortController();

  constructor({ store, replay, logger, isDatabaseAway }: {
    readonly store: ReplayStore; readonly replay: TopicReplay; readonly logger: Logger; readonly isDatabaseAway: (error: unknown) => boolean;
  }) {
    this.#store = store;
    this.#replay = replay;
    this.#logger = logger;
    this.#isDatabaseAway = isDatabaseAway;
    this.#loop = new BackgroundLoop({
      round: () => this.#round(),
      onFault: async (error) => this.#logger.warn({ err: error }, 'replays could not be looked for; trying again'),
      idleMs: idlePollMs,
      faultPauseMs,
    });
  }

  start(): void {
    this.#loop.start();
  }

  wake(): void {
    this.#loop.wake();
  }

  /** Gives a replay that is under way back, to go on elsewhere from its checkpoint. */
  async stop(): Promise<void> {
    this.#stop.abort(new Failure('transient', 'The service is stopping.'));
    await this.#loop.stop();
  }

  async #round(): Promise<RoundResult> {
    if (this.#stop.signal.aborted) return 'idle';
    const replay = await this.#store.claim(this.#holder);
    if (!replay) return 'idle';
    this.#logger.info({ replay: replay.id, type: replay.type, attempt: replay.attempt }, 'a replay begins or goes on');
    const interruption = new AbortController();
    const renewal = setInterval(() => void this.#renew(replay, interruption).catch(() => undefined), leaseRenewalMs);
    try {
      const end = await this.#replay.run(
        toOrder(replay),
        { signal: AbortSignal.any([this.#stop.signal, interruption.signal]), saveCheckpoint: (next) => this.#renew(replay, interruption, next) },
      );
      await this.#store.end(replay, this.#holder, 'done', describe(end));
      this.#logger.info({ replay: replay.id, ...end.counts }, 'a replay has ended');
    } catch (error) {
      await this.#interrupted(replay, error);
    } finally {
      clearInterval(renewal);
    }
    return 'busy';
  }

  async #renew({ id }: Replay, interruption: AbortController, checkpoint?: ReplayCheckpoint): Promise<void> {
    const standing = await this.#store.renew(id, this.#holder, checkpoint);
    if (standing !== 'go on') interruption.abort(new ReplayInterrupted(standing));
  }

  async #interrupted(replay: Replay, error: unknown): Promise<void> {
    if (error instanceof ReplayInterrupted) {
      if (error.cause === 'cancelled') await this.#store.end(replay, this.#holder, 'cancelled', 'An operator ended it.');
      return;
    }
    if (this.#stop.signal.aborted) return this.#store.giveBack(replay.id, this.#holder, { pauseSeconds: 0, countsAsAttempt: false });
    const failure = asFailure(error);
    this.#logger.warn({ err: error, replay: replay.id, attempt: replay.attempt }, 'a replay was interrupted');
    const isGroundAway = failure.kind === 'transient' || this.#isDatabaseAway(error) || isOfKafka(error);
    if (failure.kind === 'invalid' || (!isGroundAway && replay.attempt >= attempts)) return this.#store.end(replay, this.#holder, 'failed', failure.message);
    await this.#store.giveBack(replay.id, this.#holder, { pauseSeconds: retryPauseSeconds, countsAsAttempt: !isGroundAway, error: failure.message });
  }
}

/** The replay is no longer this process's to run. */
class ReplayInterrupted extends Error {
  constructor(cause: 'cancelled' | 'lost') {
    super(`The replay is ${cause}.`, { cause });
    this.name = 'ReplayInterrupted';
  }
}

function isOfKafka(error: unknown): boolean {
  return error instanceof Error && error.name.startsWith('KafkaJS');
}

function toOrder({ id, type, from, to, tenantId, checkpoint }: Replay): ReplayOrder {
  return { id, type, from, to, ...(tenantId !== null && { tenantId }), ...(checkpoint && { checkpoint }) };
}

function describe({ total, counts }: ReplayCheckpoint): string {
  const told = Object.entries(counts).filter(([, count]) => count > 0).map(([name, count]) => `${count} ${name}`);
  return `${total} offsets: ${told.join(', ') || 'nothing in them'}`;
}
