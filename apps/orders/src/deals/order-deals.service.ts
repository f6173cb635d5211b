import { deterministicId, recordsWanted, type DealState, type EventData, type recordGone } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { ClaimedOrders } from '../claims/claimed-orders.ts';
import type { WantedOrders } from '../claims/claimed-orders.store.ts';
import { decisionInCrm } from '../deal-fields.ts';
import type { UpsertAnswer } from '../crm-answers.ts';
import { OrderMoves } from '../moves/order-moves.ts';
import { OrderCrm, type Outcome } from '../order-crm.service.ts';
import type { CustomerOrder } from '../order.entity.ts';
import type { NewDecision } from '../order.repository.ts';
import { OrderMachines } from '../state-machine/machine.repository.ts';
import { mayBeSaidMeanwhile, takeDeal, takeSaidMeanwhile, withQuestion, type DealTaking, type TakenVerdict } from './deal-memory.ts';
import type { Verification } from './deal-verdict.ts';
import { wordsOfDeal } from './deal-words.ts';
import { keepKnownDeal, knownDealOf } from './order-known-deal.ts';

type Taken = Extract<DealTaking, { outcome: 'taken' }>;

/** Takes what CRMs tell of orders' deals. A CRM's word for an order is verified, by having the deal read anew, before the order moves and the shop is told. */
@Injectable()
export class OrderDeals {
  constructor(
    private readonly publisher: EventPublisher,
    private readonly crm: OrderCrm,
    private readonly machines: OrderMachines,
    private readonly moves: OrderMoves,
  ) {}

  /** @param causedBy the event that the CRM service told the deal for, where there was one */
  async take(orders: ClaimedOrders, deal: DealState, causedBy: string | undefined): Promise<Outcome> {
    const { connectionId, externalId } = deal.source;
    const order = findOrder(orders, { connectionId, externalId, externalKey: deal.externalKey });
    if (!order) return 'not_ours';
    const machine = await this.machines.of(orders);
    const words = wordsOfDeal(deal);
    const taking = takeDeal(machine, knownDealOf(order), { words, modifiedAt: deal.modifiedAt, causedBy, heardAt: new Date().toISOString() });
    if (taking.outcome === 'stale') return 'stale';
    if (taking.outcome === 'ask_again') {
      await this.#ask(orders, order, externalId, causedBy);
      orders.keep(order);
      return 'applied';
    }
    await this.#follow(orders, order, { deal, words, taking, causedBy, machineVersion: machine.version });
    return 'applied';
  }

  /**
   * Takes the CRM's answer to what it was asked to write, and looks again at what the deal said while that was being written.
   * @param causedBy the event that the answer came with
   */
  async takeAnswer(orders: ClaimedOrders, answer: UpsertAnswer, causedBy: string): Promise<Outcome> {
    const order = await this.crm.takeAnswer(orders, answer);
    if (order === 'stale' || order === 'not_ours') return order;
    const [known, { dealId }] = [knownDealOf(order), order.crmSync];
    if (dealId === undefined || !mayBeSaidMeanwhile(known)) return 'applied';
    const machine = await this.machines.of(orders);
    const taking = takeSaidMeanwhile(machine, known, new Date().toISOString());
    if (!taking?.verdict.move) return 'applied';
    keepKnownDeal(order, taking.known);
    await this.#ask(orders, order, dealId, causedBy);
    orders.keep(order);
    orders.note(order, { decisions: this.moves.record(taking.verdict.move, 'crm', detailOf(machine.version, taking.verdict)) });
    return 'applied';
  }

  /** A person archived the deal, or it was merged into another one; the order stays as it is. */
  async takeGone(orders: ClaimedOrders, { connectionId, externalId, gone, mergedInto, noticedAt }: EventData<typeof recordGone>): Promise<Outcome> {
    const order = findOrder(orders, { connectionId, externalId, externalKey: undefined });
    if (!order) return 'not_ours';
    const differs: NewDecision[] = order.verification ? [{ kind: 'verification_differs', detail: { to: order.verification.to, told: 'gone' } }] : [];
    Object.assign(order, { verification: null, dealWords: [], ownDealWords: [] });
    orders.keep(order);
    orders.note(order, { decisions: [{ kind: 'deal_gone', detail: { dealId: externalId, gone, noticedAt, ...(mergedInto !== undefined && { mergedInto }) } }, ...differs] });
    return 'applied';
  }

  async #follow(
    orders: ClaimedOrders, order: CustomerOrder,
    { deal, words, taking, causedBy, machineVersion }: { deal: DealState; words: string[]; taking: Taken; causedBy: string | undefined; machineVersion: number },
  ): Promise<void> {
    const { verdict: { move, unknownWord }, verdict, known, isNewest, isToBeAsked } = taking;
    const decisions: NewDecision[] = [...(isNewest ? told(order, deal) : []), ...verifiedAs(order.verification, verdict, words)];
    if (unknownWord !== undefined) decisions.push({ kind: 'status_unknown', detail: { word: unknownWord, by: 'crm', machine: machineVersion, kept: order.status } });
    if (move) decisions.push(...this.moves.record(move, 'crm', detailOf(machineVersion, verdict)));
    keepKnownDeal(order, known);
    if (isToBeAsked) await this.#ask(orders, order, deal.source.externalId, causedBy);
    const moved = move?.outcome === 'moved' ? await this.moves.apply(orders, order, { move, by: 'crm', at: deal.modifiedAt }) : undefined;
    orders.keep(order);
    await this.crm.tell(orders, order, { decisions: [...decisions, ...moved?.decisions ?? []], due: moved?.due, hasChanged: moved !== undefined });
  }

  /** Has the deal read anew; what is told because of it is the answer. */
  async #ask(orders: ClaimedOrders, order: CustomerOrder, dealId: string, causedBy: string | undefined): Promise<void> {
    const { verification, crmVendor: vendor, crmConnectionId: connectionId, orderId } = order;
    if (!verification || vendor === null || connectionId === null) return;
    const id = deterministicId('orders.verify', orderId, verification.word, verification.askedAt, String(verification.requestIds.length), causedBy ?? '');
    order.verification = withQuestion(verification, id);
    await this.publisher.publish(orders.manager, recordsWanted, {
      id, subject: `${vendor}/deal/${dealId}`, data: { vendor, connectionId, object: 'deal', externalIds: [dealId] },
    });
  }
}

/** How a CRM names a deal, with the key of ours that it keeps, if it keeps one. */
type NamedDeal = Pick<DealState['source'], 'connectionId' | 'externalId'> & Pick<DealState, 'externalKey'>;

/** What is to be claimed so that the order of a deal is found. */
export function wantedOfDeal({ connectionId, externalId, externalKey }: NamedDeal): Required<Pick<WantedOrders, 'orderIds' | 'deals'>> {
  return { orderIds: [ownKeyOf(externalKey) ?? []].flat(), deals: [{ connectionId, externalId }] };
}

function ownKeyOf(externalKey: string | undefined): string | undefined {
  return z.uuid().safeParse(externalKey).data;
}

function findOrder(orders: ClaimedOrders, { connectionId, externalId, externalKey }: NamedDeal): CustomerOrder | undefined {
  const orderId = ownKeyOf(externalKey);
  const order = orderId === undefined ? orders.findOfDeal(connectionId, externalId) : orders.find(orderId);
  return order?.crmConnectionId === connectionId ? order : undefined;
}

/** Keeps whether the sale is won or lost, and by whom that was decided. @returns the line of the timeline */
function told(order: CustomerOrder, { status, modifiedAt, vendorStage }: DealState): NewDecision[] {
  order.decidedInCrm = decisionInCrm(order.decidedInCrm ?? undefined, order.dealWanted?.status, status) ?? null;
  order.dealStatus = status;
  return [{ kind: 'deal_told', detail: { status, modifiedAt, decidedInCrm: order.decidedInCrm !== null, ...(vendorStage !== undefined && { stage: vendorStage }) } }];
}

function detailOf(machine: number, { word }: TakenVerdict): NewDecision['detail'] {
  return { machine, ...(word !== undefined && { word }) };
}

function verifiedAs(verification: Verification | null, { verified }: TakenVerdict, words: readonly string[]): NewDecision[] {
  if (!verification || !verified) return [];
  const { to, word } = verification;
  return [verified === 'holds' ? { kind: 'verified', detail: { to, word } } : { kind: 'verification_differs', detail: { to, word, told: words.join(', ') } }];
}
