import { type EventData, type recordGone, type Sample, type shipmentCreated, type shipmentDelivered } from '@crossdock/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Change, ResultUpkeep } from './credit/result-upkeep.ts';
import { storeDeals, type StoredDeal, storeGone } from './deals/deal.repository.ts';
import { ordersBehind, ordersOf } from './deals/order-deal.ts';
import { dealIdOf, type Fact, factOfTouch } from './fact.ts';
import { companyKey, contactKey, domainKeyOfEmail, emailKey } from './identity/identity-key.ts';
import { storeLinks } from './identity/identity-link.repository.ts';
import { rememberSample, sampleTouchId, storeEarliestTouch, type StoredTouch, storeTouches } from './touches/touch.repository.ts';
import { sampleChannel, type ToldTouch } from './touches/touch.ts';

/** What became of something told to us; `stale` and `not_ours` change nothing. */
export type Outcome = 'applied' | 'stale' | 'not_ours';

/** Stores what others tell, in the caller's tenant transaction; results follow it. */
@Injectable()
export class ToldFacts {
  constructor(private readonly results: ResultUpkeep) {}

  /**
   * Stores facts that came together, by as many statements as for one.
   * @param told in the order in which they came
   * @returns what became of each
   */
  async take(manager: EntityManager, told: readonly Fact[]): Promise<Outcome[]> {
    const changes = await this.#store(manager, told);
    await this.results.followAll(manager, changes.filter((change) => change !== undefined));
    return changes.map((change) => (change ? 'applied' : 'stale'));
  }

  /** Other systems tell what reached people. */
  async takeTouches(manager: EntityManager, told: readonly ToldTouch[]): Promise<void> {
    await this.take(manager, told.map(factOfTouch));
  }

  /** A sample is on its way. */
  async takeShipment(manager: EntityManager, { shipmentId, sample, createdAt }: EventData<typeof shipmentCreated>): Promise<Outcome> {
    if (!sample) return 'not_ours';
    await rememberSample(manager, shipmentId, sample, createdAt);
    return this.#takeSampleTouch(manager, shipmentId, { sample, kind: 'sample_sent', touchedAt: createdAt });
  }

  /** A sample has reached its contact. */
  async takeDelivery(manager: EntityManager, { shipmentId, sample, deliveredAt }: EventData<typeof shipmentDelivered>): Promise<Outcome> {
    if (!sample) return 'not_ours';
    await rememberSample(manager, shipmentId, sample);
    return this.#takeSampleTouch(manager, shipmentId, { sample, kind: 'sample', touchedAt: deliveredAt });
  }

  /** A record is no more in its CRM. A merged contact's touches go to the one that it went into. */
  async takeGone(manager: EntityManager, { connectionId, object, externalId, gone, mergedInto, noticedAt }: EventData<typeof recordGone>): Promise<Outcome> {
    if (object === 'deal') {
      const dealId = dealIdOf(connectionId, externalId);
      if (!await storeGone(manager, dealId, noticedAt)) return 'stale';
      await this.results.follow(manager, { dealIds: [dealId, ...await ordersBehind(manager, dealId)] });
      return 'applied';
    }
    if (gone !== 'merged' || mergedInto === undefined) return 'not_ours';
    const keyOf = object === 'contact' ? contactKey : companyKey;
    const [one, other] = [keyOf(connectionId, mergedInto), keyOf(connectionId, externalId)];
    const links = { source: `merge/${other}`, modifiedAt: noticedAt, links: [{ one, other, reason: `the other ${object} was merged into this one` }] };
    const [outcome = 'stale'] = await this.take(manager, [{ links }]);
    return outcome;
  }

  /** @returns for each fact what results are to follow; undefined where it is older than what is known, or says nothing new. */
  async #store(manager: EntityManager, facts: readonly Fact[]): Promise<Array<Change | undefined>> {
    const deals = await storeDeals(manager, facts.flatMap(({ deal }) => deal ?? []));
    const touches = await storeTouches(manager, facts.flatMap(({ deal, touch }) => (touch && (!deal || deals.get(deal)?.hasChanged) ? touch : [])));
    const links = await storeLinks(manager, facts.flatMap(({ deal, links: own }) => (own && (!deal || deals.has(deal)) ? own : [])));
    return facts.map((fact) =>
      changeOf(fact, { deal: fact.deal && deals.get(fact.deal), touched: fact.touch && touches.get(fact.touch), relinked: fact.links && links.get(fact.links) }));
  }

  async #takeSampleTouch(
    manager: EntityManager, shipmentId: string, { sample, kind, touchedAt }: { readonly sample: Sample; readonly kind: 'sample' | 'sample_sent'; readonly touchedAt: string },
  ): Promise<Outcome> {
    const { contactEmail, campaign, product, deal } = sample;
    const key = emailKey(contactEmail);
    const company = domainKeyOfEmail(contactEmail);
    const dealId = deal && dealIdOf(deal.connectionId, deal.externalId);
    const isNews = await storeEarliestTouch(manager, {
      touchId: sampleTouchId(shipmentId, kind), kind, contactKey: key, companyKey: company, dealId, account: deal?.connectionId, touchedAt, channel: sampleChannel, campaign, product,
    });
    if (!isNews) return 'stale';
    await this.results.follow(manager, { touched: [key, ...(company === undefined ? [] : [company])], touchedFrom: touchedAt, dealIds: dealId === undefined ? [] : [dealId] });
    return 'applied';
  }
}

/** What became of the parts of a fact; a part of an older word is undefined. */
interface Stored {
  readonly deal: StoredDeal | undefined;
  readonly touched: StoredTouch | undefined;
  readonly relinked: readonly string[] | undefined;
}

/** @returns what results are to follow; undefined where the fact is older than what is known, or says nothing new. */
function changeOf(fact: Fact, { deal, touched, relinked }: Stored): Change | undefined {
  const { also = [], dealIds = [] } = fact;
  const hasRelinked = relinked !== undefined && relinked.length > 0;
  if (fact.deal && !(deal?.hasChanged || (deal && hasRelinked))) return undefined;
  if (!fact.deal && !touched && !(fact.touch ? hasRelinked : relinked)) return undefined;
  return {
    keys: [...deal?.keys ?? []], touched: [...touched?.keys ?? []], ...(touched && { touchedFrom: touched.from }),
    relinked: [...new Set([...relinked ?? [], ...relinked ? also : []])],
    // An order counts again that the deal stood for until now.
    dealIds: [...new Set([...dealIds, ...ordersOf(deal?.formerKey)])],
  };
}
