import {
  crmUpsertRequested, deterministicId, orderChanged,
  type ContactFields, type CrmObject, type crmUpsertCompleted, type Deal, type EventData, type UpsertRecord,
} from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { CrmLink } from './crm-link.ts';
import {
  startNextRequest, takeAnswer, takeLateSuccess, unsynced, wantUpsert, type CrmRequest, type CrmSync,
} from './crm-sync.machine.ts';
import { dealFieldsOf, decisionInCrm } from './deal-fields.ts';
import type { CrmRequestRecord } from './crm-request.entity.ts';
import type { CustomerOrder } from './order.entity.ts';
import {
  claimOrder, findCrmRequest, findOrderIdOfDeal, recordDecision, rememberCrmOutcome, rememberCrmRequest, saveOrder,
} from './order.repository.ts';

type CrmAnswer = EventData<typeof crmUpsertCompleted>;

/** What became of something told to us; `stale` and `not_ours` change nothing. */
export type Outcome = 'applied' | 'stale' | 'not_ours';

/** Keeps a CRM at the state of the orders, and the orders at what the CRM tells of their deals. */
@Injectable()
export class OrderCrm {
  readonly #publisher: EventPublisher;

  constructor(publisher: EventPublisher) {
    this.#publisher = publisher;
  }

  /** Plans what the CRM must be told of a claimed order. @returns the request that is due, to be asked once the order is saved. */
  plan(order: CustomerOrder, link: CrmLink | undefined): CrmRequest | undefined {
    if (!link) return undefined;
    if (order.crmConnectionId !== link.connectionId) startAfresh(order, link);
    const changed: CrmObject[] = [];
    const { customer } = order.canonical;
    if (customer.email !== undefined && !isDeepStrictEqual(customer, order.contactWanted)) {
      order.contactWanted = customer;
      changed.push('contact');
    }
    const deal = dealFieldsOf(order.canonical, order.statusSince.toISOString(), order.decidedInCrm ?? undefined);
    if (!isDeepStrictEqual(deal, order.dealWanted)) {
      order.dealWanted = deal;
      changed.push('deal');
    }
    return planNext(order, wantUpsert(order.crmSync, changed));
  }

  /** Asks the CRM by an event whose id is the request's, so that asking again is recognised. */
  async ask(manager: EntityManager, order: CustomerOrder, { object, revision }: CrmRequest): Promise<void> {
    const { crmVendor: vendor, crmConnectionId: connectionId } = order;
    if (vendor === null || connectionId === null) throw new Error(`Order ${order.orderId} is linked to no CRM, yet one was to be asked.`);
    const requestId = deterministicId('crm.upsert', order.orderId, connectionId, object, String(revision));
    await rememberCrmRequest(manager, order, { requestId, object, revision });
    await this.#publisher.publish(manager, crmUpsertRequested, {
      subject: `order/${order.orderId}`,
      id: requestId,
      data: { requestId, vendor, connectionId, record: upsertRecordOf(order, object) },
    });
    await recordDecision(manager, order, 'crm_requested', { object, revision, requestId, vendor });
  }

  /** Takes the CRM's answer to a request of ours and asks for what has become due. */
  async takeAnswer(manager: EntityManager, answer: CrmAnswer): Promise<Outcome> {
    const request = await findCrmRequest(manager, answer.requestId);
    if (!request) return 'not_ours';
    const order = await claimOrder(manager, request.orderId);
    if (!order || order.crmConnectionId !== answer.connectionId) return 'stale';
    const { result } = answer;
    const next = syncAfter(order.crmSync, request, result);
    if (!next || next === order.crmSync) return 'stale';

    const dealIsNew = next.dealId !== order.crmSync.dealId;
    if (dealIsNew) order.version += 1;
    const due = planNext(order, next);
    await saveOrder(manager, order);
    await rememberCrmOutcome(manager, request.requestId, result.outcome);
    const { object, revision } = request;
    if (result.outcome === 'upserted') {
      await recordDecision(manager, order, 'crm_upserted', { object, revision, crmId: result.crmId, created: result.created });
    } else {
      await recordDecision(manager, order, 'crm_refused', { object, revision, kind: result.kind, message: result.message });
    }
    if (due) await this.ask(manager, order, due);
    if (dealIsNew) await this.tellChanged(manager, order);
    return 'applied';
  }

  /** Records what the CRM tells of an order's deal. */
  async takeDeal(manager: EntityManager, deal: Deal): Promise<Outcome> {
    const { connectionId, externalId } = deal.source;
    const ownKey = z.uuid().safeParse(deal.externalKey);
    const orderId = ownKey.success ? ownKey.data : await findOrderIdOfDeal(manager, connectionId, externalId);
    const order = orderId === undefined ? undefined : await claimOrder(manager, orderId);
    if (!order || order.crmConnectionId !== connectionId) return 'not_ours';

    const modifiedAt = new Date(deal.modifiedAt);
    if (order.dealModifiedAt && modifiedAt <= order.dealModifiedAt) return 'stale';
    order.decidedInCrm = decisionInCrm(order.decidedInCrm ?? undefined, order.dealWanted?.status, deal.status) ?? null;
    order.dealStatus = deal.status;
    order.dealModifiedAt = modifiedAt;
    await recordDecision(manager, order, 'deal_told', {
      status: deal.status, modifiedAt: deal.modifiedAt, decidedInCrm: order.decidedInCrm !== null,
    });
    await saveOrder(manager, order);
    return 'applied';
  }

  /** Says that a claimed and saved order has changed. */
  async tellChanged(manager: EntityManager, order: CustomerOrder): Promise<void> {
    await this.#publisher.publish(manager, orderChanged, {
      subject: `order/${order.orderId}`,
      id: deterministicId('commerce.order.changed', order.orderId, String(order.version)),
      data: {
        orderId: order.orderId,
        order: order.canonical,
        ...(order.crmSync.dealId !== undefined && { crmOrderId: order.crmSync.dealId }),
      },
    });
  }
}

/** How far the CRM knows the order after an answer; undefined where the answer is a repeat. */
function syncAfter(sync: CrmSync, request: CrmRequestRecord, result: CrmAnswer['result']): CrmSync | undefined {
  const crmId = result.outcome === 'upserted' ? result.crmId : undefined;
  if (request.outcome === null) return takeAnswer(sync, request, crmId);
  return request.outcome === 'refused' && crmId !== undefined ? takeLateSuccess(sync, request, crmId) : undefined;
}

/** Moves the order on to what has to be asked next. @returns the request, or undefined where none has become due. */
function planNext(order: CustomerOrder, sync: CrmSync): CrmRequest | undefined {
  const next = startNextRequest(sync);
  order.crmSync = next;
  return next === sync ? undefined : next.underWay;
}

/** Another CRM knows nothing of the order yet; answers of the former one no longer count. */
function startAfresh(order: CustomerOrder, link: CrmLink): void {
  order.crmVendor = link.vendor;
  order.crmConnectionId = link.connectionId;
  order.crmSync = unsynced;
  order.contactWanted = null;
  order.dealWanted = null;
  order.dealStatus = null;
  order.dealModifiedAt = null;
  order.decidedInCrm = null;
}

function upsertRecordOf(order: CustomerOrder, object: CrmObject): UpsertRecord {
  if (object === 'contact') return { object, fields: withEmail(order.contactWanted) };
  if (!order.dealWanted) throw new Error(`Order ${order.orderId} wants no deal, yet one was to be asked for.`);
  const { contactId } = order.crmSync;
  return {
    object,
    externalKey: order.orderId,
    fields: order.dealWanted,
    contactIds: contactId === undefined ? [] : [contactId],
  };
}

function withEmail(fields: ContactFields | null): ContactFields & { email: string } {
  if (fields?.email === undefined) throw new Error('A contact without an e-mail was to be asked for.');
  return { ...fields, email: fields.email };
}
