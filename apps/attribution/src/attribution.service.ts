import type { Deal, EventData, shipmentCreated, shipmentDelivered } from '@crossdock/contracts';
import { latencyBucketsSeconds } from '@crossdock/service-kit';
import { tenantContext } from '@crossdock/tenancy';
import { Injectable } from '@nestjs/common';
import { Histogram, Registry } from 'prom-client';
import type { EntityManager } from 'typeorm';
import { allocateCredit, creditModel } from './credit-allocation.ts';
import { claimDealsOf, contactsOf, storeDeal, type StoredDeal } from './deal.repository.ts';
import { claimContacts, contactKey, findTouches, rememberSample, rememberTouch } from './sample.repository.ts';

/** What became of something told to us; `stale` and `not_ours` change nothing. */
export type Outcome = 'applied' | 'stale' | 'not_ours';

/** Keeps the credit of samples right after each touch and each change of a deal; only deals concerned are worked out anew. */
@Injectable()
export class AttributionService {
  readonly #recompute: Histogram<'model'>;

  constructor(metrics: Registry) {
    this.#recompute = new Histogram({
      name: 'crossdock_attribution_recompute_duration_seconds',
      help: 'Time to work out the credit of the deals that one event concerns.',
      labelNames: ['model'],
      buckets: latencyBucketsSeconds,
      registers: [metrics],
    });
  }

  /** A sample is on its way: known, but it has reached nobody yet. */
  async takeShipment(manager: EntityManager, { shipmentId, sample }: EventData<typeof shipmentCreated>): Promise<Outcome> {
    if (!sample) return 'not_ours';
    return await rememberSample(manager, shipmentId, sample) ? 'applied' : 'stale';
  }

  /** A sample has reached its contact: that is a touch, at the time of delivery. */
  async takeDelivery(
    manager: EntityManager, { shipmentId, sample, deliveredAt }: EventData<typeof shipmentDelivered>,
  ): Promise<Outcome> {
    if (!sample) return 'not_ours';
    const contact = contactKey(sample.contactEmail);
    await claimContacts(manager, [contact]);
    if (!await rememberTouch(manager, shipmentId, sample, deliveredAt)) return 'stale';
    await this.#creditAnew(manager, await claimDealsOf(manager, contact));
    return 'applied';
  }

  /** A deal is new or has changed: closed, reopened, another amount, other contacts. */
  async takeDeal(manager: EntityManager, deal: Deal): Promise<Outcome> {
    await claimContacts(manager, contactsOf(deal));
    const stored = await storeDeal(manager, deal);
    if (!stored) return 'stale';
    await this.#creditAnew(manager, [stored]);
    return 'applied';
  }

  async #creditAnew(manager: EntityManager, deals: readonly StoredDeal[]): Promise<void> {
    const stopTimer = this.#recompute.startTimer({ model: creditModel });
    for (const deal of deals) await creditDeal(manager, deal);
    stopTimer();
  }
}

async function creditDeal(manager: EntityManager, deal: StoredDeal): Promise<void> {
  const credits = allocateCredit(deal, await findTouches(manager, deal.contactEmails));
  await manager.query('DELETE FROM deal_credit WHERE deal_id = $1', [deal.dealId]);
  await manager.query(
    `INSERT INTO deal_credit (deal_id, tenant_id, currency, shipment_id, amount_minor, share, touched_at)
     SELECT $1::uuid, $2::uuid, $3::text, * FROM unnest($4::uuid[], $5::bigint[], $6::float8[], $7::timestamptz[])`,
    [
      deal.dealId, tenantContext.require().tenantId, deal.revenue?.currency ?? null,
      credits.map(({ shipmentId }) => shipmentId), credits.map(({ amountMinor }) => amountMinor),
      credits.map(({ share }) => share), credits.map(({ touchedAt }) => touchedAt),
    ],
  );
}
