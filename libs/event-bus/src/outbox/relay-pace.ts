import { batchRows } from './outbox-rows.ts';

/** How long rows are gathered while many come; it is added to their way at most. */
const gatherMs = 20;
/** Fewer rows than this in that time are not worth waiting for. */
const worthwhileRows = 25;
/** A batch is followed by a rest of so many times its length: where it takes long, the machine is busy, and more rows at once cost less. */
const restsPerBatch = 2;
/** What a rest adds to a row's way at most. */
const longestRestMs = 40;

/**
 * When the next batch is read. A batch costs Kafka, PostgreSQL and this process about the same with 20 rows as with 200,
 * so that while rows come quickly, waiting a little for more of them leaves the machine to those who write them. A row that
 * comes alone goes out at once, and so does a queue.
 */
export class RelayPace {
  readonly #nowMs: () => number;
  #lastBeganMs = Number.NEGATIVE_INFINITY;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** A batch begins. @returns how long to gather rows for the next one, in milliseconds; 0 where few come, or more than a batch waits. */
  begin(rows: number): number {
    const nowMs = this.#nowMs();
    const sinceLastMs = nowMs - this.#lastBeganMs;
    this.#lastBeganMs = nowMs;
    const expectedRows = rows / Math.max(1, sinceLastMs) * gatherMs;
    return rows < batchRows && expectedRows >= worthwhileRows ? gatherMs : 0;
  }

  /** The batches have come to their end. @returns for how long to rest before it is looked whether more has come, in milliseconds. */
  end(): number {
    return Math.min(longestRestMs, restsPerBatch * (this.#nowMs() - this.#lastBeganMs));
  }
}
