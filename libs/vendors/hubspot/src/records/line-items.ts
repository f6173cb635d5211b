/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- the SDK's models are shapes that it serialises by name; its documents give them as literals, and its types hold them to the shape. */
import { chunksOf, lineChanges, sendInBatches, type DealLines, type LineChanges } from '@crossdock/crm-connector';
import { asFailure, Failure, formatDecimal } from '@crossdock/contracts';
import { AssociationSpecAssociationCategoryEnum } from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import { guarded } from '../hubspot.answers.ts';
import { readAssociations } from '../hubspot.associations.ts';
import { writeInBatches } from '../hubspot.batch-write.ts';
import { hubSpotLimits } from '../hubspot.limits.ts';
import { lineKeyProperty } from '../hubspot.mapping.ts';
import { priced, type PricedLine } from './line-prices.ts';
import { callOf, type HubSpotAccount } from './object-types.ts';
import { hubSpotRecordsSchema } from './record-reading.ts';

const lineItems = 'line_items';

/** HubSpot's own number of the association that leads from a line item to its deal. */
const lineItemToDeal = 20;

interface WantedLine {
  /** How the line is known at HubSpot. */
  readonly key: string;
  readonly properties: Record<string, string>;
}

interface HeldLineItem {
  readonly id: string;
  readonly key: string;
  readonly properties: Readonly<Record<string, string | null | undefined>>;
}

interface PlannedLines extends LineChanges<WantedLine> {
  readonly dealId: string;
}

/** HubSpot tells numbers in a notation of its own. */
const numbers: ReadonlySet<string> = new Set(['quantity', 'price', 'discount']);

/** Every property that `propertiesOf` gives. */
const writtenProperties = ['name', 'description', 'hs_sku', 'quantity', 'price', 'discount', 'hs_line_item_currency_code', lineKeyProperty];

/**
 * Writes the lines of deals as line items without products, in calls of a hundred. What is there is found by the associations of the
 * deals and told apart by `hs_external_id`, which is read as it is at this moment: no search, which is late, has a part in it.
 * Source: https://developers.hubspot.com/docs/api-reference/crm-line-items-v3/guide
 */
export async function writeLineItems(account: HubSpotAccount, deals: readonly DealLines[]): Promise<Array<'written' | Failure>> {
  const failures = new Map<string, Failure>();
  try {
    const held = await heldLines(account, deals.filter(({ isNew }) => !isNew).map(({ dealId }) => dealId));
    const plans = deals.flatMap((deal): PlannedLines[] => {
      const wanted = wantedLines(deal);
      if (!(wanted instanceof Failure)) return [{ dealId: deal.dealId, ...lineChanges((held.get(deal.dealId) ?? []).filter(isOwnedBy(deal)), wanted, isSame) }];
      failures.set(deal.dealId, wanted);
      return [];
    });
    for (const step of [create, update, remove]) {
      for (const [dealId, failure] of await step(account, plans)) failures.set(dealId, failure);
    }
  } catch (thrown) {
    const failure = asFailure(thrown);
    return deals.map(({ dealId }) => failures.get(dealId) ?? failure);
  }
  return deals.map(({ dealId }) => failures.get(dealId) ?? 'written');
}

const prefixOf = ({ owner }: DealLines): string => `crossdock/${owner}/`;
const isOwnedBy = (deal: DealLines) => ({ key }: HeldLineItem): boolean => key.startsWith(prefixOf(deal));

function wantedLines(deal: DealLines): WantedLine[] | Failure {
  const lines = priced(deal.lines);
  return lines instanceof Failure ? lines : lines.map((line) => {
    const key = prefixOf(deal) + line.key;
    return { key, properties: propertiesOf(line, key) };
  });
}

function propertiesOf({ name, description, sku = '', quantity, currency, priceMinor, discountMinor }: PricedLine, key: string): Record<string, string> {
  return {
    name, description, hs_sku: sku, quantity: String(quantity),
    price: formatDecimal({ amountMinor: priceMinor, currency }), discount: formatDecimal({ amountMinor: discountMinor, currency }),
    hs_line_item_currency_code: currency, [lineKeyProperty]: key,
  };
}

function isSame({ properties: held }: HeldLineItem, { properties: wanted }: WantedLine): boolean {
  return Object.entries(wanted).every(([name, value]) => (numbers.has(name) ? Number(held[name] ?? 0) === Number(value) : (held[name] ?? '') === value));
}

/** The line items of these deals. */
async function heldLines(account: HubSpotAccount, dealIds: readonly string[]): Promise<Map<string, HeldLineItem[]>> {
  if (dealIds.length === 0) return new Map();
  const idsOf = await readAssociations(account.api.associations(callOf(account, 'associations.batchRead')), { from: 'deals', to: lineItems }, dealIds);
  const operation = `${lineItems}.batchRead`;
  const byId = new Map<string, HeldLineItem>();
  for (const ids of chunksOf([...idsOf.values()].flat(), hubSpotLimits.objectBatchSize)) {
    const answer = await account.api.objects(callOf(account, operation))
      .read(lineItems, { properties: writtenProperties, propertiesWithHistory: [], inputs: ids.map((id) => ({ id })) });
    for (const { id, properties } of guarded(hubSpotRecordsSchema, answer, operation).results) byId.set(id, { id, key: properties[lineKeyProperty] ?? '', properties });
  }
  return new Map([...idsOf].map(([dealId, ids]) => [dealId, ids.flatMap((id) => byId.get(id) ?? [])]));
}

type Failures = ReadonlyArray<readonly [dealId: string, failure: Failure]>;

async function create(account: HubSpotAccount, plans: readonly PlannedLines[]): Promise<Failures> {
  const lines = plans.flatMap(({ dealId, create: made }) => made.map((line) => ({ dealId, ...line })));
  const operation = `${lineItems}.batchCreate`;
  const results = await writeInBatches(
    lines.map(({ dealId, key, properties }) => ({
      key, properties,
      associations: [{ to: { id: dealId }, types: [{ associationCategory: AssociationSpecAssociationCategoryEnum.HubspotDefined, associationTypeId: lineItemToDeal }] }],
    })),
    { api: account.api.objects(callOf(account, operation)), objectType: lineItems, operation, isCreation: true },
  );
  return failuresOf(lines, results);
}

async function update(account: HubSpotAccount, plans: readonly PlannedLines[]): Promise<Failures> {
  const lines = plans.flatMap(({ dealId, update: changed }) => changed.map(({ id, wanted }) => ({ dealId, key: id, properties: wanted.properties })));
  const operation = `${lineItems}.batchUpdate`;
  return failuresOf(lines, await writeInBatches(lines, { api: account.api.objects(callOf(account, operation)), objectType: lineItems, operation }));
}

async function remove(account: HubSpotAccount, plans: readonly PlannedLines[]): Promise<Failures> {
  const lines = plans.flatMap(({ dealId, remove: ids }) => ids.map((id) => ({ dealId, id })));
  const api = account.api.objects(callOf(account, `${lineItems}.batchArchive`));
  const results = await sendInBatches(lines, {
    keyOf: ({ id }) => id,
    maxBatchSize: hubSpotLimits.objectBatchSize,
    send: async (batch) => {
      await api.archive(lineItems, { inputs: batch.map(({ id }) => ({ id })) });
      return batch.map(() => 'archived' as const);
    },
  });
  return failuresOf(lines, results);
}

function failuresOf(lines: ReadonlyArray<{ readonly dealId: string }>, results: readonly unknown[]): Failures {
  return lines.flatMap(({ dealId }, index) => {
    const result = results[index];
    return result instanceof Failure ? [[dealId, result] as const] : [];
  });
}
