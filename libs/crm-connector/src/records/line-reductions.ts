import { Failure, formatDecimal, type DealLine } from '@crossdock/contracts';

/** A line with its part of what other lines take off. */
export interface ReducedLine {
  readonly line: DealLine;
  /** Of the whole line, in minor units of its currency; never more than it comes to. */
  readonly offMinor: number;
}

export interface ReducedLines {
  readonly lines: readonly ReducedLine[];
  /** What was taken off and what for, a line each, for whoever reads one of the lines that bear it; empty where nothing was. */
  readonly reasons: string;
}

/**
 * The lines without those that take something off, for CRMs whose lines cannot be below zero: the others bear it, beginning with the one that
 * comes to the most. The sum stays what it was.
 * @param crm as people call it
 * @returns Failure `invalid` where the lines come to less than nothing.
 */
export function withReductions(lines: readonly DealLine[], crm: string): ReducedLines | Failure {
  const reducing = lines.filter(({ unitPrice }) => unitPrice.amountMinor < 0);
  const bearing = lines.filter((line) => !reducing.includes(line));
  let left = -reducing.reduce((sum, line) => sum + totalOf(line), 0);
  const off = new Map<DealLine, number>();
  for (const line of bearing.toSorted((one, other) => totalOf(other) - totalOf(one))) {
    const taken = Math.min(left, totalOf(line));
    off.set(line, taken);
    left -= taken;
  }
  if (left > 0) return new Failure('invalid', `The lines of this deal come to less than nothing, which ${crm} cannot hold.`);
  return {
    lines: bearing.map((line) => ({ line, offMinor: off.get(line) ?? 0 })),
    reasons: reducing.map((line) => `${line.name} ${formatDecimal({ ...line.unitPrice, amountMinor: totalOf(line) })} ${line.unitPrice.currency}`).join('\n'),
  };
}

/** What a line comes to, in minor units. */
export function totalOf({ quantity, unitPrice }: DealLine): number {
  return quantity * unitPrice.amountMinor;
}
