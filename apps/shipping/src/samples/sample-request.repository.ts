import type { CrmVendor } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { lockName } from '../shipments/shipment.repository.ts';

/** `needs_recipient`: somebody has to say where it goes; `refused`: it cannot be sent, and why stands beside it. */
export const sampleRequestStates = ['needs_recipient', 'refused', 'shipping', 'withdrawn'] as const;
export type SampleRequestState = (typeof sampleRequestStates)[number];

/** A sample that a deal asked for; the last one, where it asked several times. */
export interface SampleRequest {
  readonly id: string;
  readonly tenantId: string;
  readonly vendor: CrmVendor;
  readonly connectionId: string;
  readonly dealId: string;
  /** Counts what the deal asked for, one after the other. */
  round: number;
  sku: string;
  quantity: number;
  campaign: string | null;
  state: SampleRequestState;
  /** What is missing, or why it was refused. */
  detail: string | null;
  shipmentId: string | null;
  /** When the deal was last changed at the CRM. */
  dealModifiedAt: Date;
}

const columns = `request_id AS id, tenant_id AS "tenantId", vendor, connection_id AS "connectionId", deal_id AS "dealId", round, sku, quantity, campaign,
  state, detail, shipment_id AS "shipmentId", deal_modified_at AS "dealModifiedAt"`;

/** Which of these there are. */
export async function findKnown(manager: EntityManager, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await manager.query<Array<{ id: string }>>('SELECT request_id AS id FROM sample_request WHERE request_id = ANY($1)', [ids]);
  return new Set(rows.map(({ id }) => id));
}

/** Reads a request to change it; nobody else does so until the transaction ends, also where it does not exist yet. */
export async function claimSampleRequest(manager: EntityManager, id: string): Promise<SampleRequest | undefined> {
  await lockName(manager, `sample-request/${id}`);
  const [row] = await manager.query<SampleRequest[]>(`SELECT ${columns} FROM sample_request WHERE request_id = $1`, [id]);
  return row;
}

export async function saveSampleRequest(manager: EntityManager, request: SampleRequest): Promise<void> {
  const { id, tenantId, vendor, connectionId, dealId, round, sku, quantity, campaign, state, detail, shipmentId, dealModifiedAt } = request;
  await manager.query(
    `INSERT INTO sample_request (request_id, tenant_id, vendor, connection_id, deal_id, round, sku, quantity, campaign, state, detail, shipment_id, deal_modified_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     ON CONFLICT (request_id) DO UPDATE SET round = excluded.round, sku = excluded.sku, quantity = excluded.quantity, campaign = excluded.campaign,
       state = excluded.state, detail = excluded.detail, shipment_id = excluded.shipment_id, deal_modified_at = excluded.deal_modified_at, changed_at = now()`,
    [id, tenantId, vendor, connectionId, dealId, round, sku, quantity, campaign, state, detail, shipmentId, dealModifiedAt]);
}

/** Those that changed last, at most 100. */
export function listSampleRequests(manager: EntityManager, state?: SampleRequestState): Promise<SampleRequest[]> {
  return manager.query<SampleRequest[]>(
    `SELECT ${columns} FROM sample_request WHERE $1::text IS NULL OR state = $1 ORDER BY changed_at DESC LIMIT 100`, [state ?? null]);
}
