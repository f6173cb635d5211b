import { connectionCreated, connectionHealthChanged, crmUpsertCompleted, dealChanged, orderReceived, orderShipped, recordGone, type EventOf } from '@crossdock/contracts';
import { OnEvent, type EventContext } from '@crossdock/event-bus';
import { TaskQueue } from '@crossdock/task-queue';
import { Controller } from '@nestjs/common';
import { OrderComparisons } from './comparison/order-comparisons.ts';
import { OrderDeals } from './deals/order-deals.service.ts';
import { OrderMoves } from './moves/order-moves.ts';
import type { Outcome } from './order-crm.service.ts';
import { OrderService } from './order.service.ts';
import { OrderSources } from './order-sources.ts';
import { OrderLookUps } from './shop-polling/order-look-ups.ts';
import { ShopPollTasks } from './shop-polling/shop-poll.tasks.ts';

/** What orders hears. */
// The type argument keeps the compiler from EventPattern's overload for a map of events, which ours are not.
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

  @OnEvent(connectionCreated)
  async onConnectionCreated({ tenantid, data }: EventOf<typeof connectionCreated>, context: EventContext): Promise<void> {
    if (this.#sources.find(data.vendor)) await this.#shopPolls.begin(context.manager, tenantid, data.connectionId);
  }

  /** A shop that was connected again is looked at again. */
  @OnEvent(connectionHealthChanged)
  async onConnectionHealthChanged({ data }: EventOf<typeof connectionHealthChanged>, context: EventContext): Promise<void> {
    if (this.#sources.find(data.vendor) && data.state === 'healthy') await this.#queue.resumeParked(context.manager, data.connectionId);
  }

  @OnEvent(orderReceived)
  async onOrderReceived(event: EventOf<typeof orderReceived>, context: EventContext): Promise<void> {
    const outcome = await this.#orders.receive(context.manager, event.data, { via: event.source === '/crossdock/gateway' ? 'webhook' : 'look' });
    if (outcome === 'unclear') await this.#lookUps.enqueue(context.manager, event.data);
    else note(outcome, context);
  }

  @OnEvent(crmUpsertCompleted)
  async onCrmUpsertCompleted(
    event: EventOf<typeof crmUpsertCompleted>, context: EventContext,
  ): Promise<void> {
    note(await this.#deals.takeAnswer(context.manager, event.data, event.id), context);
  }

  @OnEvent(dealChanged)
  async onDealChanged(event: EventOf<typeof dealChanged>, context: EventContext): Promise<void> {
    note(await this.#deals.take(context.manager, event.data, event.causationid), context);
    await this.#comparisons.takeDeal(context.manager, event.data);
  }

  /** An order that went out in several parcels moves on with the last of them. */
  @OnEvent(orderShipped)
  async onOrderShipped({ data: { orderId, state, shipmentIds, since } }: EventOf<typeof orderShipped>, context: EventContext): Promise<void> {
    const move = await this.#moves.askForParcel(context.manager, orderId, {
      to: state === 'delivered' ? 'completed' : 'shipped', at: since, detail: { shipments: shipmentIds.length },
    });
    if (!move || move.outcome === 'unchanged') context.stale();
  }

  @OnEvent(recordGone)
  async onRecordGone({ data }: EventOf<typeof recordGone>, context: EventContext): Promise<void> {
    if (data.object !== 'deal') return;
    note(await this.#deals.takeGone(context.manager, data), context);
    await this.#comparisons.takeGone(context.manager, data);
  }
}

function note(outcome: Outcome, context: EventContext): void {
  if (outcome === 'stale') context.stale();
}
