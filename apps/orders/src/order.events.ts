import {
  connectionCreated, connectionHealthChanged, crmUpsertCompleted, dealChanged, isEventOf, orderReceived, orderShipped, recordGone,
  type Envelope, type EventData, type EventOf,
} from '@crossdock/contracts';
import { OnEventsTogether, scopeOfEvent, type EventContext } from '@crossdock/event-bus';
import { TaskQueue } from '@crossdock/task-queue';
import { tenantContext } from '@crossdock/tenancy';
import { Controller } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ClaimedOrders } from './claims/claimed-orders.ts';
import type { WantedOrders } from './claims/claimed-orders.store.ts';
import { OrderComparisons } from './comparison/order-comparisons.ts';
import { OrderDeals, wantedOfDeal } from './deals/order-deals.service.ts';
import { OrderMoves } from './moves/order-moves.ts';
import type { Outcome } from './order-crm.service.ts';
import { orderIdOf, OrderService } from './order.service.ts';
import { OrderSources } from './order-sources.ts';
import { OrderLookUps } from './shop-polling/order-look-ups.ts';
import { ShopPollTasks } from './shop-polling/shop-poll.tasks.ts';

/** What orders hears. */
@Controller()
export class OrderEvents {
  readonly #orders: OrderService;
  readonly #deals: OrderDeals;
  readonly #moves: OrderMoves;
  readonly #shopPolls: ShopPollTasks;
  readonly #sources: OrderSources;
  readonly #queue: TaskQueue;
  readonly #lookUps: OrderLookUps;
  readonly #comparisons: OrderComparisons;

  constructor(
    orders: OrderService, deals: OrderDeals, moves: OrderMoves, shopPolls: ShopPollTasks, lookUps: OrderLookUps,
    comparisons: OrderComparisons, sources: OrderSources, queue: TaskQueue,
  ) {
    this.#moves = moves;
    this.#comparisons = comparisons;
    this.#sources = sources;
    this.#lookUps = lookUps;
    this.#orders = orders;
    this.#deals = deals;
    this.#shopPolls = shopPolls;
    this.#queue = queue;
  }

  /** All that came of a tenant together: its orders are claimed by one statement and written by one. Each event has its own cause in what follows from it. */
  @OnEventsTogether([connectionCreated, connectionHealthChanged, orderReceived, crmUpsertCompleted, dealChanged, orderShipped, recordGone])
  async onEvents(events: readonly Envelope[], context: EventContext): Promise<void> {
    const [ofConnections, ofOrders] = [events.filter(isOfConnection), events.filter((event) => !isOfConnection(event))];
    for (const event of ofConnections) await tenantContext.run(scopeOfEvent(event), () => this.#takeConnection(context.manager, event));
    if (ofOrders.length === 0) return;
    await ClaimedOrders.change(context.manager, wantedOf(ofOrders), async (orders) => {
      for (const event of ofOrders) {
        const outcome = await tenantContext.run(scopeOfEvent(event), () => this.#take(orders, event));
        if (outcome === 'stale') context.stale(event);
      }
    });
  }

  /** A shop that is new is looked at, and so is one that was connected again. */
  async #takeConnection(manager: EntityManager, event: Envelope): Promise<void> {
    if (isEventOf(connectionCreated, event)) {
      if (this.#sources.find(event.data.vendor)) await this.#shopPolls.begin(manager, event.tenantid, event.data.connectionId);
    } else if (isEventOf(connectionHealthChanged, event)) {
      if (this.#sources.find(event.data.vendor) && event.data.state === 'healthy') await this.#queue.resumeParked(manager, event.data.connectionId);
    }
  }

  async #take(orders: ClaimedOrders, event: Envelope): Promise<Outcome> {
    if (isEventOf(orderReceived, event)) return this.#receive(orders, event);
    if (isEventOf(crmUpsertCompleted, event)) return this.#deals.takeAnswer(orders, event.data, event.id);
    if (isEventOf(dealChanged, event)) {
      const outcome = await this.#deals.take(orders, event.data, event.causationid);
      await this.#comparisons.takeDeal(orders, event.data);
      return outcome;
    }
    if (isEventOf(recordGone, event) && event.data.object === 'deal') {
      const outcome = await this.#deals.takeGone(orders, event.data);
      await this.#comparisons.takeGone(orders, event.data);
      return outcome;
    }
    return isEventOf(orderShipped, event) ? this.#ship(orders, event.data) : 'not_ours';
  }

  async #receive(orders: ClaimedOrders, { data, source }: EventOf<typeof orderReceived>): Promise<Outcome> {
    const outcome = await this.#orders.receive(orders, data, { via: source === '/crossdock/gateway' ? 'webhook' : 'look' });
    if (outcome !== 'unclear') return outcome;
    await this.#lookUps.enqueue(orders.manager, data);
    return 'applied';
  }

  /** An order that went out in several parcels moves on with the last of them. */
  async #ship(orders: ClaimedOrders, { orderId, state, shipmentIds, since }: EventData<typeof orderShipped>): Promise<Outcome> {
    const move = await this.#moves.askForParcel(orders, orderId, {
      to: state === 'delivered' ? 'completed' : 'shipped', at: since, detail: { shipments: shipmentIds.length },
    });
    return !move || move.outcome === 'unchanged' ? 'stale' : 'applied';
  }
}

function isOfConnection(event: Envelope): boolean {
  return isEventOf(connectionCreated, event) || isEventOf(connectionHealthChanged, event);
}

/** The orders that events concern. */
function wantedOf(events: readonly Envelope[]): WantedOrders {
  const deals = events.flatMap((event) => {
    if (isEventOf(dealChanged, event)) return [wantedOfDeal({ ...event.data.source, externalKey: event.data.externalKey })];
    return isEventOf(recordGone, event) && event.data.object === 'deal' ? [wantedOfDeal({ ...event.data, externalKey: undefined })] : [];
  });
  return {
    told: events.flatMap((event) => (isEventOf(orderReceived, event)
      ? [{ connectionId: event.data.connectionId, orderId: orderIdOf(event.tenantid, event.data), isNew: event.data.change === 'created' }] : [])),
    requestIds: events.flatMap((event) => (isEventOf(crmUpsertCompleted, event) ? [event.data.requestId] : [])),
    orderIds: [...deals.flatMap(({ orderIds }) => orderIds), ...events.flatMap((event) => (isEventOf(orderShipped, event) ? [event.data.orderId] : []))],
    deals: deals.flatMap((each) => each.deals),
  };
}
