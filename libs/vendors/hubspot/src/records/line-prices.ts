import { totalOf, withReductions } from '@crossdock/crm-connector';
import { Failure, type DealLine } from '@crossdock/contracts';

/** A line as HubSpot keeps it: amounts in minor units of one currency. */
export interface PricedLine extends Omit<DealLine, 'unitPrice'> {
  readonly currency: string;
  readonly priceMinor: number;
  /** Taken off the price of one. */
  readonly discountMinor: number;
  /** What the discount is for. */
  readonly description: string;
}

/**
 * The lines in HubSpot's terms. A price there cannot be below zero: lines that take something off become a discount on the others. A discount is
 * of the price of one, so that a line with one is told as one of its whole.
 * Source: https://developers.hubspot.com/docs/api-reference/crm-line-items-v3/guide
 * @returns Failure `invalid` where the lines come to less than nothing.
 */
export function priced(lines: readonly DealLine[]): PricedLine[] | Failure {
  const reduced = withReductions(lines, 'HubSpot');
  if (reduced instanceof Failure) return reduced;
  return reduced.lines.map(({ line, offMinor }) => {
    const { unitPrice: { amountMinor: priceMinor, currency }, ...plain } = line;
    if (offMinor === 0) return { ...plain, currency, priceMinor, discountMinor: 0, description: '' };
    const name = line.quantity === 1 ? line.name : `${line.quantity} × ${line.name}`;
    return { ...plain, name, quantity: 1, currency, priceMinor: totalOf(line), discountMinor: offMinor, description: reduced.reasons };
  });
}
