import { Failure } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';

export interface KitWanted {
  readonly sku: string;
  readonly quantity: number;
}

/**
 * Puts kits aside for a shipment, in the transaction that accepts it. Two that want the last one wait for each other, and one gets it.
 * @throws Failure `not_found` for a kit that the tenant does not have, `conflict` where too few are left.
 */
export async function reserveKit(manager: EntityManager, tenantId: string, shipmentId: string, { sku, quantity }: KitWanted): Promise<void> {
  const [[reserved]] = await manager.query<[Array<{ kit_id: string }>, number]>(
    `UPDATE sample_kit SET reserved = reserved + $2, changed_at = now()
     WHERE sku = $1 AND on_hand - reserved >= $2 RETURNING kit_id`, [sku, quantity]);
  if (!reserved) {
    const [kit] = await manager.query<Array<{ available: number }>>('SELECT on_hand - reserved AS available FROM sample_kit WHERE sku = $1', [sku]);
    if (!kit) throw new Failure('not_found', `There is no sample kit ${sku}.`);
    throw new Failure('conflict', `Of sample kit ${sku} ${kit.available} are left, and ${quantity} are asked for. Fill the stock up first.`);
  }
  await manager.query(
    `INSERT INTO kit_reservation (shipment_id, tenant_id, kit_id, quantity, state) VALUES ($1, $2, $3, $4, 'reserved')
     ON CONFLICT (shipment_id) DO UPDATE SET state = 'reserved', kit_id = excluded.kit_id, quantity = excluded.quantity`,
    [shipmentId, tenantId, reserved.kit_id, quantity]);
}

/** The kits of a shipment leave the stock: its label is bought. */
export async function takeKitOut(manager: EntityManager, shipmentId: string): Promise<void> {
  await manager.query(
    `WITH taken AS (UPDATE kit_reservation SET state = 'taken' WHERE shipment_id = $1 AND state = 'reserved' RETURNING kit_id, quantity)
     UPDATE sample_kit SET on_hand = on_hand - taken.quantity, reserved = reserved - taken.quantity, changed_at = now()
     FROM taken WHERE sample_kit.kit_id = taken.kit_id`, [shipmentId]);
}

/** The kits of a shipment that does not go out are free again, also where its label was bought. */
export async function releaseKit(manager: EntityManager, shipmentId: string): Promise<void> {
  await manager.query(
    `WITH before AS (SELECT state, kit_id, quantity FROM kit_reservation WHERE shipment_id = $1 AND state <> 'released' FOR UPDATE),
     released AS (UPDATE kit_reservation SET state = 'released' FROM before WHERE shipment_id = $1)
     UPDATE sample_kit SET changed_at = now(),
       on_hand = on_hand + CASE before.state WHEN 'taken' THEN before.quantity ELSE 0 END,
       reserved = reserved - CASE before.state WHEN 'reserved' THEN before.quantity ELSE 0 END
     FROM before WHERE sample_kit.kit_id = before.kit_id`, [shipmentId]);
}
