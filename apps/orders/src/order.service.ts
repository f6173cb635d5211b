import { isDeepStrictEqual } from 'node:util';
import { deterministicId, Failure, type EventData, type Order, type orderReceived } from '@crossdock/contracts';
import type { NamedConnection } from '@crossdock/connections';
import { tenantContext } from '@crossdock/tenancy';
import { Injectable } from '@nestjs/common';
import type { ClaimedOrders } from './claims/claimed-orders.ts';
import { crmLinkOf } from './crm-link.ts';
import { unsynced } from './crm-sync.machine.ts';
import { DealFollowing } from './deals/deal-following.ts';
import { OrderCrm, type Outcome } from './order-crm.service.ts';
import { decideIntake, type IntakeDecision, type KnownOrder, type ToldOrder } from './order-intake.ts';
import { decisionOfMove } from './moves/move-decision.ts';
import { readShopOrder } from './order-reading.ts';
import { OrderSources } from './order-sources.ts';
import { CustomerOrder } from './order.entity.ts';
import type { NewDecision } from './order.repository.ts';
import { redactPayload } from './timeline/redacted-payload.ts';
import { OrderMachines } from './state-machine/machine.repository.ts';
import type { OrderMachine } from './state-machine/order-machine.ts';
import { TransitionMetrics } from './moves/transition-metrics.ts';

type ReceivedOrder = EventData<typeof orderReceived>;
/** The id of an order: the same order of the same shop always has the same. */
export function orderIdOf(tenantId: string, { connectionId, externalId }: Pick<ReceivedOrder, 'connectionId' | 'externalId'>): string {
  return deterministicId('order', tenantId, connectionId, externalId);
}

/** How a message came here. */
interface ReceivedBy {
  readonly isLookedUp?: boolean;
  readonly via?: 'webhook' | 'look';
}
type Applied = Extract<IntakeDecision, { outcome: 'applied' }>;

/** Keeps the tenant's orders at the newest state the shops told of, and has the CRM follow. */
@Injectable()
export class OrderService {
  readonly #crm: OrderCrm;
  readonly #sources: OrderSources;
  readonly #following: DealFollowing;
  readonly #machines: OrderMachines;
  readonly #transitions: TransitionMetrics;

  constructor(crm: OrderCrm, sources: OrderSources, following: DealFollowing, machines: OrderMachines, transitions: TransitionMetrics) {
    this.#sources = sources;
    this.#crm = crm;
    this.#following = following;
    this.#machines = machines;
    this.#transitions = transitions;
  }

  /**
   * Takes in what a shop told of an order that was claimed; `unclear` has changed nothing, and the order is to be looked up.
   * @param by.isLookedUp the shop was asked for it just now
   * @throws Failure `not_found` where the connection is not the tenant's, `invalid` where the order cannot be read.
   */
  async receive(orders: ClaimedOrders, received: ReceivedOrder, { isLookedUp = false, via = 'look' }: ReceivedBy = {}): Promise<Outcome | 'unclear'> {
    const { tenantId } = tenantContext.require();
    const { connectionId, externalId } = received;
    const connection = orders.findShop(connectionId);
    if (!connection) throw new Failure('not_found', `The tenant has no connection ${connectionId}.`);

    const machine = await this.#machines.of(orders);
    const told = { ...toldOrderOf(this.#sources, received, machine), isLookedUp };
    const orderId = orderIdOf(tenantId, received);
    const existing = orders.find(orderId);
    const decision = decideIntake(machine, existing && knownOrderOf(existing), told);
    // Of an order that was never seen the shop may still know what it was.
    if (decision.outcome === 'unseen' && !isLookedUp) return 'unclear';
    const arrival = arrivalOf(received, via);
    if (decision.outcome !== 'applied') {
      const kind = decision.outcome === 'unclear' ? 'look_up_asked' : 'stale';
      if (existing) orders.note(existing, { decisions: [arrival, { kind, detail: { change: received.change } }] });
      return decision.outcome === 'unclear' ? 'unclear' : 'stale';
    }

    const order = existing ?? newOrder({ orderId, tenantId, connectionId, externalId });
    const before = existing && { order: existing.canonical, deletedAt: existing.deletedAt };
    apply(order, decision.next);
    const hasChanged = !before || !isDeepStrictEqual({ ...before, order: untimed(before.order) }, { order: untimed(order.canonical), deletedAt: order.deletedAt });
    const link = crmLinkOf(connection.settings);
    if (link) await this.#following.follow(orders.manager, link);
    const due = this.#crm.plan(order, link, shopNameOf(connection));
    orders.keep(order);
    const decisions = this.#decisionsOf(order, received.change, machine, decision);
    await this.#crm.tell(orders, order, { decisions: [arrival, ...decisions], due, hasChanged });
    return 'applied';
  }

  #decisionsOf(order: CustomerOrder, change: ReceivedOrder['change'], machine: OrderMachine, { move, unknownWord }: Applied): NewDecision[] {
    const { version, status } = order;
    const modifiedAt = order.modifiedAt.toISOString();
    if (move) this.#transitions.count(move);
    return [
      { kind: change === 'deleted' ? 'deleted' : 'applied', detail: { change, version, status, modifiedAt } },
      ...(move ? decisionOfMove(move, 'shop', { machine: machine.version, modifiedAt }) : []),
      ...(unknownWord === undefined ? [] : [{ kind: 'status_unknown' as const, detail: { word: unknownWord, by: 'shop', machine: machine.version, kept: status } }]),
    ];
  }
}

/** What people know a shop by: the name that its owner gave the connection. The address stays sealed. */
function shopNameOf({ id, accountName }: NamedConnection): string {
  return accountName?.slice(0, 255) || `Shop ${id.slice(0, 8)}`;
}

/** What came, without what could name a person. What came by webhook has passed the check of its signature, or it would not be here. */
function arrivalOf({ change, receivedAt, payload, connectionId }: ReceivedOrder, via: 'webhook' | 'look'): NewDecision {
  const signature = via === 'webhook' ? 'verified' : 'none: it was fetched from the shop';
  return { kind: 'received', detail: { via, signature, change, receivedAt, connectionId, payload: redactPayload(payload) } };
}

function toldOrderOf(
  sources: OrderSources, { vendor, change, connectionId, externalId, payload, receivedAt }: ReceivedOrder, machine: OrderMachine,
): ToldOrder {
  const source = sources.of(vendor);
  if (change === 'deleted') return { change, receivedAt };
  const { order, shopWord } = readShopOrder(source, payload, { connectionId, machine });
  if (order.source.externalId !== externalId) {
    throw new Failure('invalid', `The shop's message about order ${externalId} holds order ${order.source.externalId}.`);
  }
  return { change, order, shopWord };
}

function knownOrderOf(order: CustomerOrder): KnownOrder {
  return {
    order: order.canonical,
    statusSince: order.statusSince.toISOString(),
    shopWord: order.shopWord,
    isStatusKnown: order.isStatusKnown,
    ...(order.deletedAt && { deletedAt: order.deletedAt.toISOString() }),
  };
}

function newOrder(identity: Pick<CustomerOrder, 'orderId' | 'tenantId' | 'connectionId' | 'externalId'>): CustomerOrder {
  return Object.assign(new CustomerOrder(), {
    ...identity,
    version: 0,
    crmVendor: null,
    crmConnectionId: null,
    crmSync: unsynced,
    contactWanted: null,
    dealWanted: null,
    dealLinesDigest: null,
    dealStatus: null,
    dealModifiedAt: null,
    dealWrittenAt: null,
    decidedInCrm: null,
    dealWords: [],
    ownDealWords: [],
    verification: null,
    shopWanted: null,
    createdAt: new Date(),
  });
}

/** A shop gives an order a new time for its own notes too, of which nobody else need hear. */
function untimed({ modifiedAt: _modifiedAt, ...said }: Order): Omit<Order, 'modifiedAt'> {
  return said;
}

function apply(order: CustomerOrder, next: KnownOrder): void {
  order.canonical = next.order;
  order.status = next.order.status;
  order.statusSince = new Date(next.statusSince);
  order.shopWord = next.shopWord;
  order.isStatusKnown = next.isStatusKnown;
  order.modifiedAt = new Date(next.order.modifiedAt);
  order.deletedAt = next.deletedAt === undefined ? null : new Date(next.deletedAt);
  order.version += 1;
}
