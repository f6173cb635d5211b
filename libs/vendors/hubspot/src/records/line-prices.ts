import { formatDecimal, Failure, type DealLine } from '@crossdock/contracts';

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
 * The lines in HubSpot's terms. A price there cannot be below zero: lines that take something off become a discount on the others,
 * beginning with the one that comes to the most, which is told as one of its whole then. The sum stays what it was.
 * Source: https://developers.hubspot.com/docs/api-reference/crm-line-items-v3/guide
 * @returns Failure `invalid` where the lines come to less than nothing.
 */
export function priced(lines: readonly DealLine[]): PricedLine[] | Failure {
  const reducing = lines.filter(({ unitPrice }) => unitPrice.amountMinor < 0);
  let off = -sumOf(reducing);
  const discounts = new Map<DealLine, number>();
  for (const line of lines.filter((each) => !reducing.includes(each)).sort((a, b) => totalOf(b) - totalOf(a))) {
    const taken = Math.min(off, totalOf(line));
    if (taken > 0) discounts.set(line, taken);
    off -= taken;
  }
  if (off > 0) return new Failure('invalid', 'The lines of this deal come to less than nothing, which HubSpot cannot hold.');
  const description = reducing.map(({ name, quantity, unitPrice }) => `${name} ${formatDecimal({ ...unitPrice, amountMinor: unitPrice.amountMinor * quantity })} ${unitPrice.currency}`).join('\n');
  return lines.filter((line) => !reducing.includes(line)).map((line) => {
    const { unitPrice: { amountMinor: priceMinor, currency }, ...plain } = line;
    const discountMinor = discounts.get(line);
    if (discountMinor === undefined) return { ...plain, currency, priceMinor, discountMinor: 0, description: '' };
    const name = line.quantity === 1 ? line.name : `${line.quantity} × ${line.name}`;
    return { ...plain, name, quantity: 1, currency, priceMinor: totalOf(line), discountMinor, description };
  });
}

const totalOf = ({ quantity, unitPrice }: DealLine): number => quantity * unitPrice.amountMinor;
const sumOf = (lines: readonly DealLine[]): number => lines.reduce((sum, line) => sum + totalOf(line), 0);
