/** What came of all journeys that went one way. */
export interface JourneyOutcome {
  /** How many of them ended in a conversion. */
  readonly conversions: number;
  /** What those conversions were worth together, in any one unit. */
  readonly value: number;
  /** How many of them ended without a conversion. */
  readonly nulls: number;
}

/** How many channels a table can tell apart. */
const maxChannels = 65_535;

/**
 * Journeys, column by column, so that a million of them take some tens of megabytes and are read without making an object
 * each. Journey `i` touched the channels `touches[offsets[i]]` to `touches[offsets[i + 1] - 1]`, in that order.
 */
export interface JourneyTable {
  readonly channels: readonly string[];
  readonly journeyCount: number;
  readonly offsets: Uint32Array;
  /** Places in `channels`. */
  readonly touches: Uint16Array;
  readonly conversions: Float64Array;
  readonly values: Float64Array;
  readonly nulls: Float64Array;
}

/** Takes journeys one at a time and hands them over as one table. */
export class JourneyTableBuilder {
  readonly #channelIndex = new Map<string, number>();
  readonly #outcomes: { conversions: Float64Array; values: Float64Array; nulls: Float64Array };
  #touches = new Uint16Array(1_024);
  #offsets = new Uint32Array(257);
  #journeyCount = 0;
  #touchCount = 0;

  constructor() {
    this.#outcomes = { conversions: new Float64Array(256), values: new Float64Array(256), nulls: new Float64Array(256) };
  }

  /**
   * @param path the channels touched, in order; at least one
   * @throws {RangeError} where the path is empty, an outcome is no number from 0, or there are more than 65,535 channels
   */
  add(path: readonly string[], { conversions, value, nulls }: JourneyOutcome): void {
    if (path.length === 0) throw new RangeError('A journey has at least one touch.');
    requireCount('conversions', conversions);
    requireCount('conversions without success', nulls);
    if (!Number.isFinite(value)) throw new RangeError(`The value of conversions must be a number, not ${value}.`);
    this.#makeRoom(path.length);
    for (const channel of path) {
      this.#touches[this.#touchCount] = this.#indexOf(channel);
      this.#touchCount += 1;
    }
    this.#outcomes.conversions[this.#journeyCount] = conversions;
    this.#outcomes.values[this.#journeyCount] = value;
    this.#outcomes.nulls[this.#journeyCount] = nulls;
    this.#journeyCount += 1;
    this.#offsets[this.#journeyCount] = this.#touchCount;
  }

  /** The table of all that was added; the builder can go on. */
  build(): JourneyTable {
    return {
      channels: [...this.#channelIndex.keys()],
      journeyCount: this.#journeyCount,
      offsets: this.#offsets.slice(0, this.#journeyCount + 1),
      touches: this.#touches.slice(0, this.#touchCount),
      conversions: this.#outcomes.conversions.slice(0, this.#journeyCount),
      values: this.#outcomes.values.slice(0, this.#journeyCount),
      nulls: this.#outcomes.nulls.slice(0, this.#journeyCount),
    };
  }

  #indexOf(channel: string): number {
    const known = this.#channelIndex.get(channel);
    if (known !== undefined) return known;
    const index = this.#channelIndex.size;
    if (index >= maxChannels) throw new RangeError(`There are more than ${maxChannels} channels: is a column with ids read as the path?`);
    this.#channelIndex.set(channel, index);
    return index;
  }

  #makeRoom(touches: number): void {
    if (this.#touchCount + touches > this.#touches.length) {
      this.#touches = grown(this.#touches, new Uint16Array(2 * (this.#touchCount + touches)));
    }
    if (this.#journeyCount + 1 < this.#offsets.length) return;
    const room = 2 * this.#journeyCount;
    this.#offsets = grown(this.#offsets, new Uint32Array(room + 1));
    for (const column of ['conversions', 'values', 'nulls'] as const) {
      this.#outcomes[column] = grown(this.#outcomes[column], new Float64Array(room));
    }
  }
}

function grown<Column extends { set(from: Column): void }>(from: Column, into: Column): Column {
  into.set(from);
  return into;
}

function requireCount(what: string, count: number): void {
  if (!Number.isFinite(count) || count < 0) throw new RangeError(`The number of ${what} must be a number from 0, not ${count}.`);
}
