import type { PropertyValues } from '../properties/property-values.ts';

/** A line item's amount, which HubSpot works out: price less discount, both of one, times the quantity. */
export function lineItemAmount({ price, discount, quantity }: PropertyValues): { amount: string } {
  const ofOne = Number(price ?? 0) - Number(discount ?? 0);
  return { amount: String(Number((ofOne * Number(quantity ?? 1)).toFixed(6))) };
}
