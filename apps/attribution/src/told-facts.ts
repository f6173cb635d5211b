import {
  type CompanyState, type ContactState, type DealState, deterministicId, type EventData, type leadTaken, type orderChanged, type recordGone, type Sample, type shipmentCreated,
  type shipmentDelivered,
} from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ResultUpkeep } from './credit/result-upkeep.ts';
import { storeDeal, storeGone } from './deals/deal.repository.ts';
import { dealOfOrder, keysOfCustomer, orderDealId, ordersBehind, ordersOf } from './deals/order-deal.ts';
import { companyKey, contactKey, domainKey, domainKeyOfEmail, emailKey, phoneKey } from './identity/identity-key.ts';
import { storeLinks, type ToldLink } from './identity/identity-link.repository.ts';
import { rememberSample, sampleTouchId, storeEarliestTouch, storeTouches, touchOf } from './touches/touch.repository.ts';
import { orderChannel, sampleChannel, type ToldTouch } from './touches/touch.ts';

/** What became of something told to us; `stale` and `not_ours` change nothing. */
export type Outcome = 'applied' | 'stale' | 'not_ours';

type Link = Omit<ToldLink, 'source'>;

/** Stores what others tell, in the caller's tenant transaction; results follow it. */
@Injectable()
export class ToldFacts {
  constructor(private readonly results: ResultUpkeep) {}

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

  /** Other systems tell what reached people. */
  async takeTouches(manager: EntityManager, told: readonly ToldTouch[]): Promise<void> {
    const touches = told.map(touchOf);
    const keys = await storeTouches(manager, touches);
    const relinked: string[] = [];
    for (const [index, { contactEmail, contactPhone, occurredAt }] of told.entries()) {
      if (contactEmail === undefined || contactPhone === undefined) continue;
      const links = [{ one: emailKey(contactEmail), other: phoneKey(contactPhone), reason: 'a touch names both' }];
      relinked.push(...await storeLinks(manager, `touch/${touches[index]?.touchId ?? ''}`, occurredAt, links) ?? []);
    }
    await this.results.follow(manager, { keys, relinked });
  }

  /** A person has asked for something. */
  async takeLead(manager: EntityManager, { leadId, email, phone, channel, campaign, receivedAt }: EventData<typeof leadTaken>): Promise<Outcome> {
    const keys = await storeTouches(manager, [
      { touchId: leadId, kind: 'lead', contactKey: emailKey(email), companyKey: domainKeyOfEmail(email), touchedAt: receivedAt, channel, campaign },
    ]);
    const links = phone === undefined ? [] : [{ one: emailKey(email), other: phoneKey(phone), reason: 'a lead names both' }];
    const relinked = await storeLinks(manager, `touch/${leadId}`, receivedAt, links);
    await this.results.follow(manager, { keys, relinked: relinked ?? [] });
    return 'applied';
  }

  /** A deal is new or has changed: closed, reopened, another amount, other contacts. */
  async takeDeal(manager: EntityManager, deal: DealState): Promise<Outcome> {
    const { vendor, connectionId, externalId } = deal.source;
    const dealId = dealIdOf(connectionId, externalId);
    const contacts = deal.contacts.map(({ externalId: id, email }) => ({ key: contactKey(connectionId, id), email }));
    const companies = (deal.associations ?? []).filter(({ object }) => object === 'company').map(({ externalId: id }) => companyKey(connectionId, id));
    const domains = contacts.flatMap(({ email }) => (email === undefined ? [] : domainKeyOfEmail(email) ?? []));
    const stored = await storeDeal(manager, {
      dealId, vendor, connectionId, externalId, externalKey: deal.externalKey, name: deal.name, status: deal.status, stage: deal.vendorStage,
      custom: deal.custom ?? {}, amount: deal.amount, closedAt: deal.closedAt, modifiedAt: deal.modifiedAt,
      parties: [...new Set([...contacts.map(({ key }) => key), ...companies, ...domains])],
    });
    if (!stored) return 'stale';
    const links = contacts.flatMap(({ key, email }): Link[] => (email === undefined ? [] : [{ one: key, other: emailKey(email), reason: 'a deal names the contact with this e-mail' }]));
    const relinked = await storeLinks(manager, `deal/${dealId}`, deal.modifiedAt, links) ?? [];
    if (!stored.hasChanged && relinked.length === 0) return 'stale';
    await this.results.follow(manager, { keys: [...stored.keys], relinked, dealIds: [dealId, ...ordersOf(deal.externalKey)] });
    return 'applied';
  }

  /** A contact of a CRM says which e-mail and phone number are one person's, and which other contacts went into it. */
  async takeContact(manager: EntityManager, { source: { connectionId, externalId }, email, phone, mergedFrom = [], modifiedAt }: ContactState): Promise<Outcome> {
    const key = contactKey(connectionId, externalId);
    // Its own word ends that of the deals that named it, also where it says nothing of itself: its key is looked at anew in any case.
    return this.#takeLinks(manager, key, modifiedAt, [
      ...(email === undefined ? [] : [{ one: key, other: emailKey(email), reason: 'the contact has this e-mail' }]),
      ...(phone === undefined ? [] : [{ one: key, other: phoneKey(phone), reason: 'the contact has this phone number' }]),
      ...mergedFrom.map((id) => ({ one: key, other: contactKey(connectionId, id), reason: 'the other contact was merged into this one' })),
    ], [key]);
  }

  /** A company of a CRM says which domain is its own. */
  async takeCompany(manager: EntityManager, { source: { connectionId, externalId }, domain, mergedFrom = [], modifiedAt }: CompanyState): Promise<Outcome> {
    const key = companyKey(connectionId, externalId);
    const own = domain === undefined ? undefined : domainKey(domain);
    return this.#takeLinks(manager, key, modifiedAt, [
      ...(own === undefined ? [] : [{ one: key, other: own, reason: 'the company has this domain' }]),
      ...mergedFrom.map((id) => ({ one: key, other: companyKey(connectionId, id), reason: 'the other company was merged into this one' })),
    ]);
  }

  /** An order is a touch of its customer, and revenue of its own unless a deal of a CRM stands for it. */
  async takeOrder(manager: EntityManager, { orderId, order }: EventData<typeof orderChanged>): Promise<Outcome> {
    const parties = keysOfCustomer(order);
    const stored = await storeDeal(manager, dealOfOrder(orderId, order, parties));
    if (!stored) return 'stale';
    const [customer, company] = parties;
    // The touch follows from nothing else than the deal.
    const touched = customer === undefined || !stored.hasChanged ? [] : await storeTouches(manager, [
      { touchId: orderId, kind: 'order', contactKey: customer, companyKey: company, account: order.source.connectionId, touchedAt: order.placedAt, channel: orderChannel },
    ]);
    const { email, phone } = order.customer;
    const links = email === undefined || phone === undefined ? [] : [{ one: emailKey(email), other: phoneKey(phone), reason: 'an order names both' }];
    const relinked = await storeLinks(manager, `order/${orderId}`, order.modifiedAt, links) ?? [];
    if (!stored.hasChanged && relinked.length === 0) return 'stale';
    await this.results.follow(manager, { keys: [...stored.keys, ...touched], relinked, dealIds: [orderDealId(orderId)] });
    return 'applied';
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
    return this.#takeLinks(manager, `merge/${other}`, noticedAt, [{ one, other, reason: `the other ${object} was merged into this one` }]);
  }

  async #takeLinks(manager: EntityManager, source: string, modifiedAt: string, links: readonly Link[], also: readonly string[] = []): Promise<Outcome> {
    const relinked = await storeLinks(manager, source, modifiedAt, links);
    if (!relinked) return 'stale';
    await this.results.follow(manager, { relinked: [...new Set([...relinked, ...also])] });
    return 'applied';
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
    await this.results.follow(manager, { keys: [key, ...(company === undefined ? [] : [company])], dealIds: dealId === undefined ? [] : [dealId] });
    return 'applied';
  }
}

function dealIdOf(connectionId: string, externalId: string): string {
  return deterministicId('deal', tenantContext.require().tenantId, connectionId, externalId);
}
