import { chunksOf, lineChanges, withReductions, type DealLines, type LineChanges, type ReducedLine } from '@crossdock/crm-connector';
import { asFailure, deterministicId, Failure, formatDecimal } from '@crossdock/contracts';
import { z } from 'zod';
import type { DynamicsSession } from '../dynamics.api.ts';
import type { BatchPart, BatchPartAnswer } from '../dynamics.batch.ts';
import { dynamicsLimits } from '../dynamics.limits.ts';
import { keyColumn } from '../dynamics.mapping.ts';
import { failureOf, readPart } from '../dynamics.upserted.ts';

const entitySet = 'opportunityproducts';
const maxDescription = 2_000;

/** The columns of a product that is written in. */
interface LineValues {
  readonly productdescription: string;
  readonly description: string;
  readonly quantity: number;
  readonly priceperunit: number;
  readonly manualdiscountamount: number;
}

interface WantedLine {
  /** How the line is known at Dynamics. */
  readonly key: string;
  readonly values: LineValues;
}

const rowSchema = z.object({
  opportunityproductid: z.uuid(), [keyColumn]: z.string().nullish(), productdescription: z.string().nullish(), description: z.string().nullish(),
  quantity: z.number().nullish(), priceperunit: z.number().nullish(), manualdiscountamount: z.number().nullish(),
});
type Row = z.infer<typeof rowSchema>;

interface HeldLine {
  readonly id: string;
  readonly key: string;
  readonly row: Row;
}

/** A request of the batch, and whose line it is. */
interface LinePart extends BatchPart {
  readonly dealId: string;
}

/**
 * Writes the lines of deals as products that are written in: without a product, a unit and a price list of the environment's. A line's id follows from
 * its deal and its key, so that a repeat doubles none; what is there is read for deals that are not new, and told apart by the hub's key.
 * Sources: https://learn.microsoft.com/dynamics365/sales/developer/sample-create-opportunity-early-bound and
 * https://learn.microsoft.com/dynamics365/sales/developer/entities/opportunityproduct
 */
export async function writeOpportunityLines(session: DynamicsSession, deals: readonly DealLines[]): Promise<Array<'written' | Failure>> {
  const failures = new Map<string, Failure>();
  try {
    const held = await heldLines(session, deals.filter(({ isNew }) => !isNew).map(({ dealId }) => dealId));
    const parts = deals.flatMap((deal): LinePart[] => {
      const wanted = wantedLines(deal);
      if (!(wanted instanceof Failure)) return partsOf(deal, lineChanges((held.get(deal.dealId) ?? []).filter(({ key }) => key.startsWith(prefixOf(deal))), wanted, isSame));
      failures.set(deal.dealId, wanted);
      return [];
    });
    for (const some of chunksOf(parts, dynamicsLimits.writesPerBatch)) {
      const answers = await session.batch('lines.write', some.map(({ dealId: _, ...part }) => part));
      for (const [index, part] of some.entries()) {
        const failure = refusalOf(part, answers[index]);
        if (failure) failures.set(part.dealId, failure);
      }
    }
  } catch (thrown) {
    const failure = asFailure(thrown);
    return deals.map(({ dealId }) => failures.get(dealId) ?? failure);
  }
  return deals.map(({ dealId }) => failures.get(dealId) ?? 'written');
}

const prefixOf = ({ owner }: Pick<DealLines, 'owner'>): string => `crossdock/${owner}/`;

/** The lines of each deal, whoever made them: a request of one batch for each. */
async function heldLines(session: DynamicsSession, dealIds: readonly string[]): Promise<Map<string, HeldLine[]>> {
  const select = Object.keys(rowSchema.shape).join(',');
  const operation = 'lines.list';
  const answers = dealIds.length === 0 ? [] : await session.batch(operation, dealIds.map((id) => ({
    method: 'GET', path: `${entitySet}?$select=${select}&$filter=${encodeURIComponent(`_opportunityid_value eq ${id}`)}`,
  })));
  const listSchema = z.object({ value: z.array(rowSchema) });
  return new Map(dealIds.map((dealId, index) => [dealId, readPart(operation, answers[index], listSchema).value.map((row) =>
    ({ id: row.opportunityproductid, key: row[keyColumn] ?? '', row }))]));
}

function wantedLines(deal: DealLines): WantedLine[] | Failure {
  const reduced = withReductions(deal.lines, 'Dynamics');
  if (reduced instanceof Failure) return reduced;
  return reduced.lines.map((each) => ({ key: prefixOf(deal) + each.line.key, values: valuesOf(each, reduced.reasons) }));
}

/** A discount is of the whole line. */
function valuesOf({ line: { name, sku, quantity, unitPrice }, offMinor }: ReducedLine, reasons: string): LineValues {
  return {
    productdescription: name, description: [...(sku === undefined ? [] : [sku]), ...(offMinor === 0 ? [] : [reasons])].join('\n').slice(0, maxDescription), quantity,
    priceperunit: Number(formatDecimal(unitPrice)), manualdiscountamount: Number(formatDecimal({ ...unitPrice, amountMinor: offMinor })),
  };
}

function isSame({ row }: HeldLine, { values }: WantedLine): boolean {
  return row.productdescription === values.productdescription && (row.description ?? '') === values.description && row.quantity === values.quantity
    && row.priceperunit === values.priceperunit && (row.manualdiscountamount ?? 0) === values.manualdiscountamount;
}

function partsOf({ dealId, owner }: DealLines, { create, update, remove }: LineChanges<WantedLine>): LinePart[] {
  return [
    ...create.map(({ key, values }): LinePart => ({
      dealId, method: 'PATCH', path: `${entitySet}(${deterministicId('dynamics opportunity line', dealId, owner, key)})`,
      body: { ...values, isproductoverridden: true, [keyColumn]: key, 'opportunityid@odata.bind': `/opportunities(${dealId})` },
    })),
    ...update.map(({ id, wanted: { values } }): LinePart => ({ dealId, method: 'PATCH', path: `${entitySet}(${id})`, body: values, headers: { 'If-Match': '*' } })),
    ...remove.map((id): LinePart => ({ dealId, method: 'DELETE', path: `${entitySet}(${id})` })),
  ];
}

/** One to be removed that is gone is no fault; one to be changed that a person has just deleted is made by the next try. */
function refusalOf({ method, headers }: LinePart, answer: BatchPartAnswer | undefined): Failure | undefined {
  if (answer?.status === 404 && method === 'DELETE') return undefined;
  if (answer?.status === 404 && headers) return new Failure('conflict', 'A line of the opportunity was deleted while it was written.');
  return failureOf('lines.write', answer);
}
