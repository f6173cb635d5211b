import { mostDealLines, type DealLine, type Money, type Order } from '@crossdock/contracts';
import { worthOf } from './deal-fields.ts';
import { inOneLine } from './in-one-line.ts';

type Charge = NonNullable<Order['charges']>[number];

/**
 * The lines of an order's deal: what was ordered, then shipping, fees and tax, and what was given back. Together they come to exactly
 * what the deal is worth: where the shop's own figures leave a difference, or the lines are too many, one more line says so.
 */
export function dealLinesOf(order: Order): DealLine[] {
  const { lines, charges = [], total } = order;
  const all = [...lines.map(lineOfGoods), ...charges.map(lineOfCharge)];
  const off = worthOf(order).amountMinor - total.amountMinor;
  const refunded = off === 0 ? [] : [line('refunded', 'Refunded', { ...total, amountMinor: off })];
  const most = mostDealLines - refunded.length - 1;
  const shown = all.length > most ? all.slice(0, most) : all;
  return [...shown, ...restOf(all.length - shown.length, { ...total, amountMinor: total.amountMinor - sumOf(shown) }), ...refunded];
}

/** @param cut how many lines are left out */
function restOf(cut: number, left: Money): DealLine[] {
  if (cut === 0 && left.amountMinor === 0) return [];
  return [line('rest', cut === 0 ? 'Difference to the total of the order' : `… and ${cut} more`, left)];
}

/** A line whose total does not follow from a price of one is told as one of its whole. */
function lineOfGoods({ externalId, name, sku = '', quantity, total }: Order['lines'][number]): DealLine {
  const what = inOneLine(name, 200) || 'Item without a name';
  const isExact = Number.isInteger(quantity) && quantity >= 1 && total.amountMinor % quantity === 0;
  const [key, shortSku] = [`line/${externalId}`, inOneLine(sku, 100)];
  return {
    ...(isExact ? { ...line(key, what, { ...total, amountMinor: total.amountMinor / quantity }), quantity } : line(key, `${quantity} × ${what}`, total)),
    ...(shortSku !== '' && { sku: shortSku }),
  };
}

const chargeNames: Readonly<Record<Charge['kind'], string>> = { shipping: 'Shipping', fee: 'Fee', tax: 'Tax' };

function lineOfCharge({ externalId, kind, name, total }: Charge): DealLine {
  const title = inOneLine(name, 200);
  return line(`${kind}/${externalId}`, title === '' ? chargeNames[kind] : `${chargeNames[kind]}: ${title}`, total);
}

function line(key: string, name: string, unitPrice: Money): DealLine {
  return { key, name, quantity: 1, unitPrice };
}

const sumOf = (lines: readonly DealLine[]): number => lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amountMinor, 0);
