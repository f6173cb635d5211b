import { crmUpsertRequested, deterministicId, orderChanged, type UpsertObject, type Envelope } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { tenantContext, type TenantScope } from '@crossdock/tenancy';
import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { answeredRequests, decisionOf, decisionOfCompany, decisionOfLines, syncAfter, type AnsweredRequest, type UpsertAnswer } from './crm-answers.ts';
import type { ClaimedOrders } from './claims/claimed-orders.ts';
import type { CrmLink } from './crm-link.ts';
import { isKnown, requestOf } from './crm-request.ts';
import { startNextRequest, unsynced, wantUpsert, type CrmRequest, type CrmSync } from './crm-sync.machine.ts';
import { dealFieldsOf } from './deal-fields.ts';
import { dealLinesOf } from './deal-lines.ts';
import { planWords, takeWritten } from './deals/deal-memory.ts';
import { keepKnownDeal, knownDealOf } from './deals/order-known-deal.ts';
import type { CustomerOrder } from './order.entity.ts';
import { ShopReferenceTasks } from './shop-writing/shop-reference.tasks.ts';
import type { OrderBooks } from './order.repository.ts';

/** What follows from a decision about an order. */
interface Consequences extends Omit<OrderBooks, 'asked'> {
  /** What the CRM is to be asked. */
  readonly due: CrmRequest | undefined;
  /** Whether other services are to hear of the order. */
  readonly hasChanged: boolean;
}

/** What became of something told to us; `stale` and `not_ours` change nothing. */
export type Outcome = 'applied' | 'stale' | 'not_ours';

/** Keeps a CRM at the state of the orders. */
@Injectable()
export class OrderCrm {
  readonly #publisher: EventPublisher;
  readonly #shopReferences: ShopReferenceTasks;

  constructor(publisher: EventPublisher, shopReferences: ShopReferenceTasks) {
    this.#publisher = publisher;
    this.#shopReferences = shopReferences;
  }

  /**
   * Plans what the CRM must be told of a claimed order.
   * @param shop what people know the order's shop by; without it the deal keeps what it was told
   * @returns the request that is due, to be asked with what else is told of the order.
   */
  plan(order: CustomerOrder, link: CrmLink | undefined, shop = order.dealWanted?.orderSource): CrmRequest | undefined {
    if (!link) return undefined;
    if (order.crmConnectionId !== link.connectionId) startAfresh(order, link);
    const changed: UpsertObject[] = [];
    const { customer } = order.canonical;
    const isOtherCompany = customer.companyName !== order.contactWanted?.companyName;
    if (isKnown(customer) && !isDeepStrictEqual(customer, order.contactWanted)) {
      order.contactWanted = customer;
      changed.push('contact');
    }
    const deal = dealFieldsOf(order.canonical, { statusSince: order.statusSince.toISOString(), shop, decidedInCrm: order.decidedInCrm ?? undefined });
    const linesDigest = deterministicId('deal lines', JSON.stringify(dealLinesOf(order.canonical)));
    if (!isDeepStrictEqual(deal, order.dealWanted) || linesDigest !== order.dealLinesDigest || (isOtherCompany && changed.length > 0)) {
      order.dealWanted = deal;
      order.dealLinesDigest = linesDigest;
      changed.push('deal');
    }
    return planNext(order, wantUpsert(order.crmSync, changed));
  }

  /**
   * Notes what was decided about a claimed order, and says what follows from it: the request to the CRM that has
   * become due, whose id is its event's, so that asking again is recognised; and that the order has changed.
   */
  async tell(orders: ClaimedOrders, order: CustomerOrder, { decisions, answered = [], due, hasChanged }: Consequences): Promise<void> {
    const scope = tenantContext.require();
    const events: Envelope[] = [];
    const next = due && requestOf(order, due);
    if (next) {
      const { request: data } = next;
      events.push(this.#publisher.envelope(scope, crmUpsertRequested, { subject: `order/${order.orderId}`, id: data.requestId, data }));
    }
    if (hasChanged) events.push(this.#changed(scope, order));
    const asked = next?.asked ?? [];
    const asking = asked.map(({ object, revision, requestId }) =>
      ({ kind: 'crm_requested' as const, detail: { object, revision, requestId, vendor: order.crmVendor ?? '' } }));
    orders.note(order, { decisions: [...decisions, ...asking], asked, answered });
    await this.#publisher.append(orders.manager, events);
  }

  /** Has the CRM told once more what a claimed order's deal is to be, though nothing of it has changed. */
  async tellAgain(orders: ClaimedOrders, order: CustomerOrder): Promise<void> {
    const due = planNext(order, wantUpsert(order.crmSync, ['deal']));
    orders.keep(order);
    await this.tell(orders, order, { decisions: [], due, hasChanged: false });
  }

  /** Takes the CRM's answer to a request of ours, whose order is claimed, and asks for what has become due. @returns the order, kept */
  async takeAnswer(orders: ClaimedOrders, answer: UpsertAnswer): Promise<CustomerOrder | Exclude<Outcome, 'applied'>> {
    const asked = orders.requestsOf(answer.requestId);
    const [request] = asked;
    if (!request) return 'not_ours';
    const order = orders.find(request.orderId);
    if (!order || order.crmConnectionId !== answer.connectionId) return 'stale';
    const told = answeredRequests(asked, answer);
    const beside = [...(answer.company ? [decisionOfCompany(answer.company)] : []), ...(answer.lines ? [decisionOfLines(answer.lines)] : [])];
    const next = syncAfter(order.crmSync, told);
    if (next === order.crmSync) return 'stale';
    noteWritten(order, told);

    const hasChanged = next.dealId !== order.crmSync.dealId;
    if (hasChanged) order.version += 1;
    const due = planNext(order, next);
    orders.keep(order);
    const answered = told.map(({ request: entry, outcome: { outcome } }) => ({ ...entry, outcome }));
    await this.tell(orders, order, { decisions: [...beside, ...told.map(decisionOf)], answered, due, hasChanged });
    if (hasChanged && next.dealId !== undefined) await this.#shopReferences.enqueue(orders.manager, order);
    return order;
  }

  #changed(scope: TenantScope, order: CustomerOrder): Envelope {
    return this.#publisher.envelope(scope, orderChanged, {
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

/** Moves the order on to what has to be asked next. @returns the request, or undefined where none has become due. */
function planNext(order: CustomerOrder, sync: CrmSync): CrmRequest | undefined {
  const next = startNextRequest(sync);
  order.crmSync = next;
  if (next === sync) return undefined;
  if (next.underWay?.deal === undefined || !order.dealWanted) return next.underWay;
  const { leavesStatus, own } = planWords(knownDealOf(order), order.dealWanted, next.dealId !== undefined);
  order.ownDealWords = own;
  if (leavesStatus) order.crmSync = { ...next, underWay: { ...next.underWay, leavesStatus } };
  return order.crmSync.underWay;
}

function noteWritten(order: CustomerOrder, told: readonly AnsweredRequest[]): void {
  const deal = told.find(({ request }) => request.object === 'deal');
  if (!deal) return;
  const leavesStatus = order.crmSync.underWay?.leavesStatus ?? false;
  keepKnownDeal(order, takeWritten(knownDealOf(order), { outcome: deal.outcome, wasRefused: deal.request.outcome === 'refused', leavesStatus }));
}

/** Another CRM knows nothing of the order yet; answers of the former one no longer count. */
function startAfresh(order: CustomerOrder, link: CrmLink): void {
  order.crmVendor = link.vendor;
  order.crmConnectionId = link.connectionId;
  order.crmSync = unsynced;
  order.contactWanted = null;
  order.dealWanted = null;
  order.dealLinesDigest = null;
  order.dealStatus = null;
  order.dealModifiedAt = null;
  order.dealWrittenAt = null;
  order.decidedInCrm = null;
  order.dealWords = [];
  order.ownDealWords = [];
  order.verification = null;
}
