import { setTimeout as wait } from 'node:timers/promises';
import { BackgroundLoop, type RoundResult } from '@crossdock/background-loop';
import type { TaskRow } from '../store/task-row.ts';
import { leaseSeconds } from '../store/task-store.ts';
import { batchKeyOf, lowestTenant, type Request, type Taken } from '../store/task-taking.ts';
import type { TaskKind } from '../task-kind.ts';
import type { RegisteredHandler } from '../task-registry.ts';
import { BatchLine, type HeldBatch } from './batch-line.ts';
import { BatchRun, type BatchTools } from './batch-run.ts';
import { taskSteps } from './crash-points.ts';

const faultPauseMs = 1_000;
/** What is committed and what ends within this time shares a round, unless the round before left work behind. */
const gatherMs = 5;
/** A round is followed by a rest of so many times its length: where it takes long, the machine is busy, and a round costs the same for one task as for many. */
const restsPerRound = 2;
const longestRestMs = 100;
/** Work is taken ahead for about this long at the present pace, so that quick tasks never wait for the database. */
const aheadMs = 100;
const mostAhead = 500;
/** After a batch of more tasks than this its kind gathers for as long as it ever does. */
const largeBatch = 10;
/** A batch that waited here for longer is not begun: its lease may have run out while this process stood still. */
const freshForMs = leaseSeconds * 800;

export interface LaneOptions {
  readonly handlers: readonly RegisteredHandler[];
  /** How many batches run at once. */
  readonly places: number;
  readonly tools: BatchTools;
  readonly take: (request: Request) => Promise<Taken>;
  /** How often it looks where nobody wakes it, in milliseconds: for tasks that another process enqueued. */
  readonly idlePollMs: number;
  /** Runs before each round: puts back what may run again. Resolves to whether any task is ready, where it has looked. */
  readonly beforeRound: () => Promise<boolean | undefined>;
}

/** Takes batches of its kinds of work and runs them, so many at once. Long work has a lane of its own. */
export class TaskLane {
  readonly #options: LaneOptions;
  readonly #handlers: ReadonlyMap<string, RegisteredHandler>;
  readonly #line: BatchLine;
  readonly #loop: BackgroundLoop;
  readonly #runs = new Set<BatchRun>();
  readonly #ends = new Set<Promise<void>>();
  /** Of which a batch was taken just now, until when it ends. */
  readonly #gathering = new Map<string, NodeJS.Timeout>();
  /** Of these, how many batches this process has in hand. */
  readonly #inHand = new Map<string, number>();
  #lastTenant = lowestTenant;
  #isFilling = false;
  #restsUntilMs = 0;
  #hasMore = false;
  #ended = 0;
  #paceSinceMs = performance.now();
  #perMs = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#handlers = new Map(options.handlers.map((handler) => [handler.kind.kind, handler]));
    this.#line = new BatchLine(options.places);
    this.#loop = new BackgroundLoop({
      round: () => this.#round(),
      onFault: async (error) => options.tools.logger.error({ err: error }, 'tasks could not be taken; trying again'),
      idleMs: options.idlePollMs,
      faultPauseMs,
    });
  }

  start(): void {
    if (this.#handlers.size > 0) this.#loop.start();
  }

  takesAny(kinds: ReadonlySet<string>): boolean {
    return [...kinds].some((kind) => this.#handlers.has(kind));
  }

  wake(): void {
    this.#loop.wake();
  }

  /** Ends taking; what waits for a place is given back at once. */
  async stopTaking(): Promise<void> {
    await this.#loop.stop();
    for (const timer of this.#gathering.values()) clearTimeout(timer);
    await this.#options.tools.store.giveBack(this.#line.empty().flatMap(({ rows }) => rows));
  }

  /** Resolves when everything that runs has ended and is recorded. */
  async drained(): Promise<void> {
    await Promise.all(this.#ends);
  }

  /**
   * The tasks whose leases are to be kept, and what to do with the answer: those that were not kept are lost. A task whose
   * end could not be recorded is not among them, so that its lease runs out.
   */
  leases(): { readonly ids: readonly string[]; readonly onKept: (held: ReadonlySet<string>) => void } {
    const heldAtMs = performance.now();
    const runs = [...this.#runs];
    const queued = [...this.#line.queued];
    return {
      ids: [...runs.flatMap((run) => run.openIds), ...queued.flatMap(({ rows }) => rows.map(({ id }) => id))],
      onKept: (held) => {
        for (const run of runs) run.abortIfLost(held);
        for (const batch of queued.filter(({ rows }) => rows.every(({ id }) => held.has(id)))) batch.heldAtMs = heldAtMs;
      },
    };
  }

  async #round(): Promise<RoundResult> {
    const restMs = this.#restsUntilMs - performance.now();
    if (!this.#hasMore && restMs > 0) await wait(restMs);
    const beganMs = performance.now();
    try {
      return await this.#take();
    } finally {
      const endedMs = performance.now();
      this.#restsUntilMs = endedMs + Math.max(gatherMs, Math.min(longestRestMs, restsPerRound * (endedMs - beganMs)));
    }
  }

  async #take(): Promise<RoundResult> {
    const isReady = await this.#options.beforeRound();
    this.#measurePace();
    const target = this.#options.places + Math.min(mostAhead, Math.floor(this.#perMs * aheadMs));
    const { moving } = this.#line;
    const hasIdlePlace = moving < this.#options.places;
    if (!hasIdlePlace && moving > target / 2) return 'idle';
    if (!(isReady ?? await this.#options.tools.store.hasReady())) {
      this.#hasMore = false;
      return 'idle';
    }
    const heldAtMs = performance.now();
    const { batches, lastTenant, hasMore } = await this.#options.take({
      kinds: [...this.#handlers.values()].map(({ kind }) => kind),
      batches: target - moving,
      afterTenant: this.#lastTenant,
      restingTenants: this.#line.restingTenants,
      gathering: new Set([...this.#gathering.keys(), ...this.#inHand.keys()]),
    });
    for (const batch of batches) this.#gather(batch);
    this.#lastTenant = lastTenant;
    this.#hasMore = hasMore;
    this.#line.add(batches.flatMap((rows) => toHeld(rows, heldAtMs)));
    if (batches.length > 0) taskSteps.taken.publish({ count: batches.length });
    this.#fillPlaces();
    return hasMore && batches.length > 0 ? 'busy' : 'idle';
  }

  #gather(batch: readonly TaskRow[]): void {
    const [first] = batch;
    const kindOfWork = first && this.#handlers.get(first.kind)?.kind;
    if (!kindOfWork || kindOfWork.gatherMs === 0) return;
    const { tenant_id: tenantId, kind, group_key: groupKey } = first;
    const key = batchKeyOf({ tenantId, kind, groupKey });
    this.#inHand.set(key, (this.#inHand.get(key) ?? 0) + 1);
    clearTimeout(this.#gathering.get(key));
    this.#gathering.set(key, setTimeout(() => {
      this.#gathering.delete(key);
      this.wake();
    }, gatherTimeOf(kindOfWork, batch.length)));
  }

  #letGo({ rows: [{ tenant_id: tenantId, kind, group_key: groupKey }] }: HeldBatch): void {
    const key = batchKeyOf({ tenantId, kind, groupKey });
    const left = (this.#inHand.get(key) ?? 0) - 1;
    if (left > 0) this.#inHand.set(key, left);
    else this.#inHand.delete(key);
  }

  #fillPlaces(): void {
    if (this.#isFilling) return;
    this.#isFilling = true;
    for (let batch = this.#line.next(); batch; batch = this.#line.next()) this.#start(batch);
    this.#isFilling = false;
  }

  #start(batch: HeldBatch): void {
    const { tools } = this.#options;
    const leave = once(() => {
      this.#line.leave(batch);
      this.#letGo(batch);
      this.#ended += 1;
      this.#fillPlaces();
      this.wake();
    });
    const handler = this.#handlers.get(batch.rows[0].kind);
    if (!handler || tools.stop.aborted || performance.now() - batch.heldAtMs > freshForMs) {
      this.#track(tools.store.giveBack(batch.rows).finally(leave));
      return;
    }
    const run = new BatchRun(tools, handler, batch.rows, leave);
    this.#runs.add(run);
    this.#track(run.run().finally(() => {
      this.#runs.delete(run);
      leave();
    }));
  }

  #track(work: Promise<void>): void {
    const end = work
      .catch((error: unknown) => this.#options.tools.logger.error({ err: error }, 'a task’s end could not be recorded; its lease runs out and it runs again'))
      .finally(() => {
        this.#ends.delete(end);
        // The next task of the same record is free only now.
        this.wake();
      });
    this.#ends.add(end);
  }

  #measurePace(): void {
    const elapsedMs = performance.now() - this.#paceSinceMs;
    if (elapsedMs < aheadMs) return;
    this.#perMs = this.#ended / elapsedMs;
    this.#ended = 0;
    this.#paceSinceMs += elapsedMs;
  }
}

function gatherTimeOf({ gatherMs, mostGatherMs = gatherMs }: TaskKind, batchSize: number): number {
  return gatherMs + (mostGatherMs - gatherMs) * Math.min(1, (batchSize - 1) / largeBatch);
}

function toHeld([first, ...others]: readonly TaskRow[], heldAtMs: number): HeldBatch[] {
  return first ? [{ tenantId: first.tenant_id, rows: [first, ...others], heldAtMs }] : [];
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}
