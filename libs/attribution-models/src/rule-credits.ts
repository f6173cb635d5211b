import type { ChannelCredits } from './channel-credits.ts';
import type { CreditRule, TouchPath } from './credit-rules.ts';
import type { JourneyTable } from './journey-table.ts';

/** The channel whose touches count as direct; compared without regard to case. */
const directChannel = 'direct';

/**
 * Shares the conversions of each journey among its touches by a rule. A table tells no times: touches are taken to be a day
 * apart and the last one to be on the day of the conversion.
 */
export function creditByRule(table: JourneyTable, rule: CreditRule): ChannelCredits {
  const credits = { conversions: new Float64Array(table.channels.length), values: new Float64Array(table.channels.length) };
  const path = new TablePath(table);
  let parts = new Float64Array(16);
  for (let journey = 0; journey < table.journeyCount; journey += 1) {
    const conversions = table.conversions[journey] ?? 0;
    const value = table.values[journey] ?? 0;
    if (conversions === 0 && value === 0) continue;
    path.moveTo(journey);
    if (path.length > parts.length) parts = new Float64Array(2 * path.length);
    parts.fill(0, 0, path.length);
    rule(path, parts);
    for (let index = 0; index < path.length; index += 1) {
      const channel = path.channelAt(index);
      const part = parts[index] ?? 0;
      credits.conversions[channel] = (credits.conversions[channel] ?? 0) + part * conversions;
      credits.values[channel] = (credits.values[channel] ?? 0) + part * value;
    }
  }
  return credits;
}

/** One journey of a table after the other, without an object for each. */
class TablePath implements TouchPath {
  length = 0;
  readonly #table: JourneyTable;
  readonly #direct: number;
  #start = 0;

  constructor(table: JourneyTable) {
    this.#table = table;
    this.#direct = table.channels.findIndex((channel) => channel.toLowerCase() === directChannel);
  }

  moveTo(journey: number): void {
    this.#start = this.#table.offsets[journey] ?? 0;
    this.length = (this.#table.offsets[journey + 1] ?? 0) - this.#start;
  }

  channelAt(index: number): number {
    return this.#table.touches[this.#start + index] ?? 0;
  }

  daysBefore(index: number): number {
    return this.length - 1 - index;
  }

  isDirect(index: number): boolean {
    return this.channelAt(index) === this.#direct;
  }
}
