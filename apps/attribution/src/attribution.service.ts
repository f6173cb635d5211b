import type { Deal, EventData, shipmentCreated, shipmentDelivered } from '@crossdock/contracts';
import { latencyBucketsSeconds } from '@crossdock/service-kit';
import { Injectable } from '@nestjs/common';
import { Histogram, Registry } from 'prom-client';
import type { EntityManager } from 'typeorm';
import { creditDeal } from './credit/credit.repository.ts';
import { claimDealsOf, contactsOf, storeDeal, type StoredDeal } from './credit/deal.repository.ts';
import { rememberSample } from './touches/sample.repository.ts';
import { contactKey, type ToldTouch } from './touches/touch.ts';
import { claimContacts, storeSampleTouch, storeToldTouches } from './touches/touch.repository.ts';

/** What became of something told to us; `stale` and `not_ours` change nothing. */
export type Outcome = 'applied' | 'stale' | 'not_ours';

/** Keeps the credit of touches right after each touch and each change of a deal; only deals concerned are worked out anew. */
@Injectable()
export class AttributionService {
  readonly #recompute: Histogram;

  constructor(metrics: Registry) {
    this.#recompute = new Histogram({
      name: 'crossdock_attribution_recompute_duration_seconds',
      help: 'Time to work out the credit of the deals that one event concerns, by all models.',
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
    await rememberSample(manager, shipmentId, sample);
    if (!await storeSampleTouch(manager, shipmentId, sample, deliveredAt)) return 'stale';
    await this.#creditAnew(manager, await claimDealsOf(manager, [contact]));
    return 'applied';
  }

  /** Other systems tell what reached people. */
  async takeTouches(manager: EntityManager, touches: readonly ToldTouch[]): Promise<void> {
    const contacts = await storeToldTouches(manager, touches);
    await this.#creditAnew(manager, await claimDealsOf(manager, contacts));
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
    const stopTimer = this.#recompute.startTimer();
    for (const deal of deals) await creditDeal(manager, deal);
    stopTimer();
  }
}
