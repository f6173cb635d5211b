import {
  type CompanyState, type ContactState, type DealState, deterministicId, type Envelope, type EventData, companyChanged, contactChanged, dealChanged, isEventOf, leadTaken, orderChanged,
} from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { ToldDeal } from './deals/deal.repository.ts';
import { dealOfOrder, keysOfCustomer, orderDealId, ordersOf } from './deals/order-deal.ts';
import { companyKey, contactKey, domainKey, domainKeyOfEmail, emailKey, phoneKey } from './identity/identity-key.ts';
import type { ToldLinks } from './identity/identity-link.repository.ts';
import { type NewTouch, touchOf } from './touches/touch.repository.ts';
import { orderChannel, type ToldTouch } from './touches/touch.ts';

type Link = ToldLinks['links'][number];

/** What one thing that was told says of deals, touches and of who is who; stored together with others by `ToldFacts`. */
export interface Fact {
  readonly deal?: ToldDeal;
  /** Of a fact with a deal it follows from nothing else: it is stored where the deal has changed. */
  readonly touch?: NewTouch;
  readonly links?: ToldLinks;
  /** Keys that are looked at anew in any case. */
  readonly also?: readonly string[];
  /** Deals that it bears on. */
  readonly dealIds?: readonly string[];
}

/** What an event says; undefined where that is not said by what it holds alone. */
export function factOf(event: Envelope): Fact | undefined {
  if (isEventOf(dealChanged, event)) return factOfDeal(event.data);
  if (isEventOf(orderChanged, event)) return factOfOrder(event.data);
  if (isEventOf(contactChanged, event)) return factOfContact(event.data);
  if (isEventOf(companyChanged, event)) return factOfCompany(event.data);
  return isEventOf(leadTaken, event) ? factOfLead(event.data) : undefined;
}

/** What other systems tell of what reached people. */
export function factOfTouch(told: ToldTouch): Fact {
  const touch = touchOf(told);
  const { contactEmail, contactPhone, occurredAt: modifiedAt } = told;
  if (contactEmail === undefined || contactPhone === undefined) return { touch };
  return { touch, links: { source: `touch/${touch.touchId}`, modifiedAt, links: [{ one: emailKey(contactEmail), other: phoneKey(contactPhone), reason: 'a touch names both' }] } };
}

/** A person has asked for something. */
export function factOfLead({ leadId, email, phone, channel, campaign, receivedAt }: EventData<typeof leadTaken>): Fact {
  return {
    touch: { touchId: leadId, kind: 'lead', contactKey: emailKey(email), companyKey: domainKeyOfEmail(email), touchedAt: receivedAt, channel, campaign },
    links: {
      source: `touch/${leadId}`, modifiedAt: receivedAt,
      links: phone === undefined ? [] : [{ one: emailKey(email), other: phoneKey(phone), reason: 'a lead names both' }],
    },
  };
}

/** A deal is new or has changed: closed, reopened, another amount, other contacts. */
export function factOfDeal({ source, externalKey, name, status, vendorStage: stage, custom = {}, amount, closedAt, modifiedAt, contacts: told, associations = [] }: DealState): Fact {
  const { vendor, connectionId, externalId } = source;
  const dealId = dealIdOf(connectionId, externalId);
  const contacts = told.map(({ externalId: id, email }) => ({ key: contactKey(connectionId, id), email }));
  const companies = associations.filter(({ object }) => object === 'company').map(({ externalId: id }) => companyKey(connectionId, id));
  const domains = contacts.flatMap(({ email }) => (email === undefined ? [] : domainKeyOfEmail(email) ?? []));
  return {
    deal: {
      dealId, vendor, connectionId, externalId, externalKey, name, status, stage, custom, amount, closedAt, modifiedAt,
      parties: [...new Set([...contacts.map(({ key }) => key), ...companies, ...domains])],
    },
    links: {
      source: `deal/${dealId}`, modifiedAt,
      links: contacts.flatMap(({ key, email }): Link[] => (email === undefined ? [] : [{ one: key, other: emailKey(email), reason: 'a deal names the contact with this e-mail' }])),
    },
    dealIds: [dealId, ...ordersOf(externalKey)],
  };
}

/** A contact of a CRM says which e-mail and phone number are one person's, and which other contacts went into it. */
export function factOfContact({ source: { connectionId, externalId }, email, phone, mergedFrom = [], modifiedAt }: ContactState): Fact {
  const key = contactKey(connectionId, externalId);
  return {
    links: {
      source: key, modifiedAt, links: [
        ...(email === undefined ? [] : [{ one: key, other: emailKey(email), reason: 'the contact has this e-mail' }]),
        ...(phone === undefined ? [] : [{ one: key, other: phoneKey(phone), reason: 'the contact has this phone number' }]),
        ...mergedFrom.map((id) => ({ one: key, other: contactKey(connectionId, id), reason: 'the other contact was merged into this one' })),
      ],
    },
    // Its own word ends that of the deals that named it, also where it says nothing of itself.
    also: [key],
  };
}

/** A company of a CRM says which domain is its own. */
export function factOfCompany({ source: { connectionId, externalId }, domain, mergedFrom = [], modifiedAt }: CompanyState): Fact {
  const key = companyKey(connectionId, externalId);
  const own = domain === undefined ? undefined : domainKey(domain);
  return {
    links: {
      source: key, modifiedAt, links: [
        ...(own === undefined ? [] : [{ one: key, other: own, reason: 'the company has this domain' }]),
        ...mergedFrom.map((id) => ({ one: key, other: companyKey(connectionId, id), reason: 'the other company was merged into this one' })),
      ],
    },
  };
}

/** An order is a touch of its customer, and revenue of its own unless a deal of a CRM stands for it. */
export function factOfOrder({ orderId, order }: EventData<typeof orderChanged>): Fact {
  const parties = keysOfCustomer(order);
  const [customer, company] = parties;
  const { email, phone } = order.customer;
  return {
    deal: dealOfOrder(orderId, order, parties),
    ...(customer !== undefined && {
      touch: { touchId: orderId, kind: 'order', contactKey: customer, companyKey: company, account: order.source.connectionId, touchedAt: order.placedAt, channel: orderChannel },
    }),
    links: {
      source: `order/${orderId}`, modifiedAt: order.modifiedAt,
      links: email === undefined || phone === undefined ? [] : [{ one: emailKey(email), other: phoneKey(phone), reason: 'an order names both' }],
    },
    dealIds: [orderDealId(orderId)],
  };
}

/** The id of a CRM's deal here. */
export function dealIdOf(connectionId: string, externalId: string): string {
  return deterministicId('deal', tenantContext.require().tenantId, connectionId, externalId);
}
