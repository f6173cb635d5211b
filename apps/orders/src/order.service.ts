import { deterministicId, Failure, type EventData, type orderReceived } from '@crossdock/contracts';
import { ConnectionStore } from '@crossdock/connections';
import { tenantContext } from '@crossdock/tenancy';
import { toCanonicalOrder } from '@crossdock/vendor-woocommerce';
import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import type { EntityManager } from 'typeorm';
import { crmLinkOf } from './crm-link.ts';
import { unsynced } from './crm-sync.machine.ts';
import { OrderCrm, type Outcome } from './order-crm.service.ts';
import { decideIntake, type KnownOrder, type ToldOrder } from './order-intake.ts';
import type { OrderTransition } from './order-status.machine.ts';
import { CustomerOrder } from './order.entity.ts';
import { claimOrder, saveOrder, type NewDecision } from './order.repository.ts';

type ReceivedOrder = EventData<typeof orderReceived>;

/** Keeps the tenant's orders at the newest state the shops told of, and has the CRM follow. */
@Injectable()
export class OrderService {
  readonly #connections: ConnectionStore;
  readonly #crm: OrderCrm;
  readonly #transitions: Counter<'from' | 'to' | 'outcome'>;

  constructor(connections: ConnectionStore, crm: OrderCrm, metrics: Registry) {
    this.#connections = connections;
    this.#crm = crm;
    this.#transitions = new Counter({
      name: 'crossdock_order_transition_total',
      help: 'Order statuses asked for, by whether they were reached.',
      labelNames: ['from', 'to', 'outcome'],
      registers: [metrics],
    });
  }

  /**
   * Takes in what a shop told of an order.
   * @throws Failure `not_found` where the connection is not the tenant's, `invalid` where the order cannot be read.
   */
  async receive(manager: EntityManager, received: ReceivedOrder): Promise<Outcome> {
    const { tenantId } = tenantContext.require();
    const { connectionId, externalId } = received;
    const connection = await this.#connections.findWithin(manager, connectionId);
    if (!connection) throw new Failure('not_found', `The tenant has no connection ${connectionId}.`);

    const told = toldOrderOf(received);
    const orderId = deterministicId('order', tenantId, connectionId, externalId);
    const existing = await claimOrder(manager, orderId);
    const decision = decideIntake(existing && knownOrderOf(existing), told);
    if (decision.outcome === 'stale') return 'stale';

    const order = existing ?? newOrder({ orderId, tenantId, connectionId, externalId });
    apply(order, decision.next);
    const due = this.#crm.plan(order, crmLinkOf(connection.settings));
    await saveOrder(manager, order);
    const decisions = this.#decisionsOf(order, received.change, decision.transition);
    await this.#crm.tell(manager, order, { decisions, due, hasChanged: true });
    return 'applied';
  }

  #decisionsOf(order: CustomerOrder, change: ReceivedOrder['change'], transition: OrderTransition | undefined): NewDecision[] {
    const { version, status } = order;
    const modifiedAt = order.modifiedAt.toISOString();
    const decisions: NewDecision[] = [{ kind: change === 'deleted' ? 'deleted' : 'applied', detail: { change, version, status, modifiedAt } }];
    if (transition?.outcome === 'refused') {
      const { from, asked } = transition;
      decisions.push({ kind: 'status_refused', detail: { from, asked, modifiedAt } });
      this.#transitions.inc({ from, to: asked, outcome: 'refused' });
    }
    if (transition?.outcome === 'moved') this.#transitions.inc({ from: transition.from, to: transition.to, outcome: 'moved' });
    return decisions;
  }
}

function toldOrderOf({ vendor, change, connectionId, externalId, payload, receivedAt }: ReceivedOrder): ToldOrder {
  if (vendor !== 'woocommerce') throw new Failure('invalid', `Orders of ${vendor} are not understood.`);
  if (change === 'deleted') return { change, receivedAt };
  const order = toCanonicalOrder(payload, { connectionId });
  if (order.source.externalId !== externalId) {
    throw new Failure('invalid', `The shop's message about order ${externalId} holds order ${order.source.externalId}.`);
  }
  return { change, order };
}

function knownOrderOf(order: CustomerOrder): KnownOrder {
  return {
    order: order.canonical,
    statusSince: order.statusSince.toISOString(),
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
    dealStatus: null,
    dealModifiedAt: null,
    decidedInCrm: null,
    createdAt: new Date(),
  });
}

function apply(order: CustomerOrder, next: KnownOrder): void {
  order.canonical = next.order;
  order.status = next.order.status;
  order.statusSince = new Date(next.statusSince);
  order.modifiedAt = new Date(next.order.modifiedAt);
  order.deletedAt = next.deletedAt === undefined ? null : new Date(next.deletedAt);
  order.version += 1;
}
