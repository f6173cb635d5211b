import { Injectable } from '@nestjs/common';
import type { ClaimedOrders } from '../claims/claimed-orders.ts';
import { OrderCrm } from '../order-crm.service.ts';
import type { CrmRequest } from '../crm-sync.machine.ts';
import type { CustomerOrder } from '../order.entity.ts';
import type { NewDecision } from '../order.repository.ts';
import type { Action, Mover } from '../state-machine/machine-definition.ts';
import { OrderMachines } from '../state-machine/machine.repository.ts';
import type { MoveDecision } from '../state-machine/order-machine.ts';
import { ShopWriteTasks } from '../shop-writing/shop-write.tasks.ts';
import { decisionOfMove } from './move-decision.ts';
import { TransitionMetrics } from './transition-metrics.ts';

/** A move that somebody else than the shop brought about. */
interface Moved {
  readonly move: Extract<MoveDecision, { outcome: 'moved' }>;
  readonly by: Exclude<Mover, 'shop'>;
  /** When it came about, ISO 8601 in UTC with milliseconds. */
  readonly at: string;
}

/** What has to be told once the order is saved. */
export interface MoveConsequences {
  readonly decisions: readonly NewDecision[];
  readonly due: CrmRequest | undefined;
}

/** Moves orders on for those who are not their shop. */
@Injectable()
export class OrderMoves {
  constructor(
    private readonly crm: OrderCrm,
    private readonly machines: OrderMachines,
    private readonly shopWrites: ShopWriteTasks,
    private readonly transitions: TransitionMetrics,
  ) {}

  /**
   * Asks, for its parcel, that a claimed order be in a state; what the tenant's state machine does not allow is refused and recorded.
   * @param at when the parcel came to where it is, ISO 8601 in UTC with milliseconds
   * @param detail for the timeline; no personal data
   * @returns what became of it; undefined where the tenant has no such order.
   */
  async askForParcel(orders: ClaimedOrders, orderId: string, { to, at, detail }: { readonly to: CustomerOrder['status']; readonly at: string; readonly detail: NewDecision['detail'] }): Promise<MoveDecision | undefined> {
    const order = orders.find(orderId);
    if (!order) return undefined;
    const machine = await this.machines.of(orders);
    const move = machine.decide({ from: order.status, to, by: 'shipping', isDeleted: order.deletedAt !== null });
    if (move.outcome === 'unchanged') return move;
    const decisions = this.record(move, 'shipping', { ...detail, machine: machine.version });
    const moved = move.outcome === 'moved' ? await this.apply(orders, order, { move, by: 'shipping', at }) : undefined;
    orders.keep(order);
    await this.crm.tell(orders, order, { decisions: [...decisions, ...moved?.decisions ?? []], due: moved?.due, hasChanged: moved !== undefined });
    return move;
  }

  /** Counts a decision. @returns its line in the timeline. */
  record(move: MoveDecision, by: Mover, detail: NewDecision['detail']): NewDecision[] {
    this.transitions.count(move);
    return decisionOfMove(move, by, detail);
  }

  /** Brings a claimed order, which the caller then keeps, to where it is to be: the deal follows, and the shop where the machine says so. */
  async apply(orders: ClaimedOrders, order: CustomerOrder, { move, by, at }: Moved): Promise<MoveConsequences> {
    order.status = move.to;
    order.canonical = { ...order.canonical, status: move.to };
    order.statusSince = new Date(at);
    order.version += 1;
    const { crmVendor: vendor, crmConnectionId: connectionId } = order;
    const due = this.crm.plan(order, vendor !== null && connectionId !== null ? { vendor, connectionId } : undefined);
    return { decisions: await this.#act(orders, order, by, move.actions), due };
  }

  async #act(orders: ClaimedOrders, order: CustomerOrder, by: Moved['by'], actions: readonly Action[]): Promise<NewDecision[]> {
    if (!actions.includes('write_to_shop')) return [];
    order.shopWanted = { status: order.status, by };
    await this.shopWrites.enqueue(orders.manager, order);
    return [{ kind: 'shop_write_asked', detail: { status: order.status } }];
  }
}
