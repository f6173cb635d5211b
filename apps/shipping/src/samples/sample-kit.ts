import { customsDeclarationSchema, deterministicId, Failure, parcelSchema, postalAddressSchema } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

/** What is sent of a sample kit and how; the body of `PUT /v1/sample-kits/{sku}`. */
export const sampleKitSchema = z.strictObject({
  name: z.string().min(1).max(255),
  /** The tenant's Shippo connection that pays for the labels. */
  connectionId: z.uuid(),
  /** Where the stock lies. */
  from: postalAddressSchema.strict(),
  /** The packed kit. */
  parcel: parcelSchema.strict(),
  /** For recipients over a border. */
  customs: customsDeclarationSchema.strict().optional(),
});
export type SampleKit = z.infer<typeof sampleKitSchema>;

export const skuSchema = z.string().regex(/^[A-Za-z0-9._-]{1,100}$/);

/** The body of `POST /v1/sample-kits/{sku}/stock`: kits that came in, or that a count found missing. */
export const stockChangeSchema = z.strictObject({ change: z.int().min(-100_000).max(100_000).refine((change) => change !== 0, 'must not be zero') });

/** A kit with its stock. */
export const sampleKitViewSchema = sampleKitSchema.extend({
  sku: z.string(),
  onHand: z.int().describe('In the stock, those included that are put aside.'),
  reserved: z.int().describe('Put aside for shipments whose labels are being bought.'),
}).meta({ id: 'SampleKit' });
export type SampleKitView = z.infer<typeof sampleKitViewSchema>;

interface KitRow {
  readonly sku: string;
  readonly definition: unknown;
  readonly on_hand: number;
  readonly reserved: number;
}

/** Keeps a kit; its stock stays as it is. */
export async function keepKit(manager: EntityManager, tenantId: string, sku: string, kit: SampleKit): Promise<SampleKitView> {
  await manager.query(
    `INSERT INTO sample_kit (kit_id, tenant_id, sku, definition) VALUES ($1, $2, $3, $4)
     ON CONFLICT (tenant_id, sku) DO UPDATE SET definition = excluded.definition, changed_at = now()`,
    [deterministicId('sample-kit', tenantId, sku), tenantId, sku, JSON.stringify(kit)]);
  return requireKit(manager, sku);
}

/** @throws Failure `not_found` where the tenant has no such kit. */
export async function requireKit(manager: EntityManager, sku: string): Promise<SampleKitView> {
  const [row] = await manager.query<KitRow[]>('SELECT sku, definition, on_hand, reserved FROM sample_kit WHERE sku = $1', [sku]);
  if (!row) throw new Failure('not_found', `There is no sample kit ${sku}.`);
  return viewKit(row);
}

export async function listKits(manager: EntityManager): Promise<SampleKitView[]> {
  const rows = await manager.query<KitRow[]>('SELECT sku, definition, on_hand, reserved FROM sample_kit ORDER BY sku');
  return rows.map(viewKit);
}

/** @throws Failure `conflict` where fewer would be left than are put aside, `not_found` where there is no such kit. */
export async function changeStock(manager: EntityManager, sku: string, change: number): Promise<SampleKitView> {
  const [[row]] = await manager.query<[KitRow[], number]>(
    `UPDATE sample_kit SET on_hand = on_hand + $2, changed_at = now() WHERE sku = $1 AND on_hand + $2 >= reserved
     RETURNING sku, definition, on_hand, reserved`, [sku, change]);
  if (row) return viewKit(row);
  const { onHand, reserved } = await requireKit(manager, sku);
  throw new Failure('conflict', `Of sample kit ${sku} ${onHand} are there and ${reserved} are put aside; ${-change} cannot be taken out.`);
}

function viewKit({ sku, definition, on_hand: onHand, reserved }: KitRow): SampleKitView {
  return { sku, ...sampleKitSchema.parse(definition), onHand, reserved };
}
