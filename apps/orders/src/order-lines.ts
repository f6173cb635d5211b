import { formatDecimal, type Money, type Order } from '@crossdock/contracts';
import { inOneLine } from './in-one-line.ts';

type OrderLine = Order['lines'][number];

/** What every CRM's field of several lines holds, the smallest of them being Zoho's. */
const longestText = 2_000;

/**
 * What was ordered, for people who look at the deal: a line each, as `2 × Cocoa [COCOA-1], 14.00 USD each, 28.00 USD`. Totals are
 * as the shop tells them; the price of one follows from them, and is rounded where it has to be. What does not fit is counted.
 */
export function linesInWords(lines: readonly OrderLine[]): string {
  if (lines.length === 0) return 'No line items.';
  const words = lines.map(lineInWords);
  const whole = words.join('\n');
  if (whole.length <= longestText) return whole;
  const shown = words.filter((_, index) => [...words.slice(0, index + 1), restInWords(words.length)].join('\n').length <= longestText);
  return [...shown, restInWords(words.length - shown.length)].join('\n');
}

function lineInWords({ name, sku, quantity, total }: OrderLine): string {
  const what = [inOneLine(name, 200) || 'Item without a name', ...(sku === undefined ? [] : [`[${inOneLine(sku, 100)}]`])].join(' ');
  return [`${quantity} × ${what}`, ...priceOfOne(quantity, total), inWords(total)].join(', ');
}

/** None for a line without a quantity, and none where one is all. */
function priceOfOne(quantity: number, total: Money): string[] {
  if (quantity <= 0 || quantity === 1) return [];
  const amountMinor = Math.round(total.amountMinor / quantity);
  return [`${amountMinor * quantity === total.amountMinor ? '' : 'about '}${inWords({ ...total, amountMinor })} each`];
}

const inWords = (money: Money): string => `${formatDecimal(money)} ${money.currency}`;
const restInWords = (count: number): string => `… and ${count} more`;
