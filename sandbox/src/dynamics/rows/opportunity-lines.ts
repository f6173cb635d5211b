import { badRequest } from '../dynamics-refusals.ts';
import type { Row, Rows } from './rows.ts';

const numberIn = (value: unknown): number => (typeof value === 'number' ? value : 0);
const cents = (amount: number): number => Math.round(amount * 100) / 100;

/** What follows from the other columns of an opportunity's line. One has a product, or is written in with a name of its own. */
export function deriveLine(values: Record<string, unknown>): void {
  if (values['isproductoverridden'] !== true || typeof values['productdescription'] !== 'string') throw badRequest('The product id is missing, and the product is not written in.');
  values['baseamount'] = cents(numberIn(values['quantity']) * numberIn(values['priceperunit']));
  values['extendedamount'] = cents(numberIn(values['baseamount']) - numberIn(values['manualdiscountamount']));
}

/** A line that was made, changed or deleted changes its opportunity, whose revenue is the sum of its lines unless people say it themselves. */
export function sumUp(rows: Rows, line: Row): void {
  const opportunity = rows.find(rows.tableOf('opportunities'), String(line.values['opportunityid']));
  if (opportunity === undefined) return;
  const sum = cents(linesOf(rows, opportunity.id).reduce((all, { values }) => all + numberIn(values['extendedamount']), 0));
  rows.update(opportunity, opportunity.values['isrevenuesystemcalculated'] === true ? { estimatedvalue: sum } : {});
}

export function linesOf(rows: Rows, opportunityId: string): Row[] {
  return rows.list(rows.tableOf('opportunityproducts')).filter(({ values }) => values['opportunityid'] === opportunityId);
}
