import { deterministicId, recordsWanted, type DealState, type EventData, type recordGone } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { isBehind } from '../crm-sync.machine.ts';
import { decisionInCrm } from '../deal-fields.ts';
import type { UpsertAnswer } from '../crm-answers.ts';
import { OrderMoves } from '../moves/order-moves.ts';
import { OrderCrm, type Outcome } from '../order-crm.service.ts';
import type { CustomerOrder } from '../order.entity.ts';
import { claimOrder, findOrderIdOfDeal, saveOrder, writeBooks, type NewDecision } from '../order.repository.ts';
import { OrderMachines } from '../state-machine/machine.repository.ts';
import { isOlderThanKnown, verdictOnDeal, type DealVerdict, type KnownDeal, type Verification } from './deal-verdict.ts';
import { wordOverwritten, wordsOfDeal } from './deal-words.ts';

type Taken = Extract<DealVerdict, { outcome: 'taken' }>;

/** So many questions about one deal are remembered; an answer to an older one is no answer any more. */
const mostRequests = 20;

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
  async take(manager: EntityManager, deal: DealState, causedBy: string | undefined): Promise<Outcome> {
    const { connectionId, externalId } = deal.source;
    const order = await this.#claim(manager, { connectionId, externalId, externalKey: deal.externalKey });
    if (!order) return 'not_ours';
    const machine = await this.machines.active(manager);
    const words = wordsOfDeal(deal);
    const verification = order.verification ?? undefined;
    const isAnswer = causedBy !== undefined && verification?.requestIds.includes(causedBy) === true;
    const verdict = verdictOnDeal(machine, knownOf(order), { words, modifiedAt: deal.modifiedAt, isAnswer });
    if (verdict.outcome === 'stale') return 'stale';
    if (verdict.outcome === 'ask_again') {
      await this.#ask(manager, order, externalId, causedBy);
      await saveOrder(manager, order);
      return 'applied';
    }
    await this.#follow(manager, order, { deal, words, verdict, causedBy, machineVersion: machine.version });
    return 'applied';
  }

  /**
   * Takes the CRM's answer to what it was asked to write. What the deal said while that was being written counted for nothing, since the hub's
   * word was on its way; where the deal says it since the hub wrote, a person has said it.
   * @param causedBy the event that the answer came with
   */
  async takeAnswer(manager: EntityManager, answer: UpsertAnswer, causedBy: string): Promise<Outcome> {
    const order = await this.crm.takeAnswer(manager, answer);
    if (order === 'stale' || order === 'not_ours') return order;
    const { dealWords: words, dealModifiedAt, crmSync: { dealId } } = order;
    const mayBeSaid = dealModifiedAt !== null && dealId !== undefined && wordOverwritten({ before: words, own: order.ownDealWords }, words) !== undefined;
    if (!mayBeSaid) return 'applied';
    const machine = await this.machines.active(manager);
    const verdict = verdictOnDeal(machine, knownOf(order), { words, modifiedAt: dealModifiedAt.toISOString(), isAnswer: false });
    if (verdict.outcome !== 'taken' || verdict.move?.outcome !== 'to_verify' || verdict.word === undefined) return 'applied';
    const { move, word, own } = verdict;
    order.ownDealWords = own;
    await this.#verify(manager, order, { to: move.to, word, dealId, causedBy });
    await saveOrder(manager, order);
    await writeBooks(manager, order, { decisions: this.moves.record(move, 'crm', { machine: machine.version, word }) });
    return 'applied';
  }

  /** A person archived the deal, or it was merged into another one; the order stays as it is. */
  async takeGone(manager: EntityManager, { connectionId, externalId, gone, mergedInto, noticedAt }: EventData<typeof recordGone>): Promise<Outcome> {
    const order = await this.#claim(manager, { connectionId, externalId, externalKey: undefined });
    if (!order) return 'not_ours';
    const differs: NewDecision[] = order.verification ? [{ kind: 'verification_differs', detail: { to: order.verification.to, told: 'gone' } }] : [];
    Object.assign(order, { verification: null, dealWords: [], ownDealWords: [] });
    await saveOrder(manager, order);
    await writeBooks(manager, order, { decisions: [{ kind: 'deal_gone', detail: { dealId: externalId, gone, noticedAt, ...(mergedInto !== undefined && { mergedInto }) } }, ...differs] });
    return 'applied';
  }

  async #claim(manager: EntityManager, { connectionId, externalId, externalKey }: { connectionId: string; externalId: string; externalKey: string | undefined }): Promise<CustomerOrder | undefined> {
    const ownKey = z.uuid().safeParse(externalKey);
    const orderId = ownKey.success ? ownKey.data : await findOrderIdOfDeal(manager, connectionId, externalId);
    const order = orderId === undefined ? undefined : await claimOrder(manager, orderId);
    return order?.crmConnectionId === connectionId ? order : undefined;
  }

  async #follow(
    manager: EntityManager, order: CustomerOrder,
    { deal, words, verdict, causedBy, machineVersion }: { deal: DealState; words: string[]; verdict: Taken; causedBy: string | undefined; machineVersion: number },
  ): Promise<void> {
    const { move, word } = verdict;
    const decisions: NewDecision[] = [...this.#keep(order, deal, words, verdict), ...verifiedAs(order.verification, verdict, words)];
    const detail = { machine: machineVersion, ...(word !== undefined && { word }) };
    if (verdict.unknownWord !== undefined) decisions.push({ kind: 'status_unknown', detail: { word: verdict.unknownWord, by: 'crm', machine: machineVersion, kept: order.status } });
    if (verdict.verified || move) order.verification = null;
    if (move) decisions.push(...this.moves.record(move, 'crm', detail));
    if (move?.outcome === 'to_verify' && word !== undefined) await this.#verify(manager, order, { to: move.to, word, dealId: deal.source.externalId, causedBy });
    const moved = move?.outcome === 'moved' ? await this.moves.apply(manager, order, { move, by: 'crm', at: deal.modifiedAt }) : undefined;
    await saveOrder(manager, order);
    await this.crm.tell(manager, order, { decisions: [...decisions, ...moved?.decisions ?? []], due: moved?.due, hasChanged: moved !== undefined });
  }

  #keep(order: CustomerOrder, { status, modifiedAt, vendorStage }: DealState, words: string[], { own }: Taken): NewDecision[] {
    if (isOlderThanKnown(timesOf(order), { modifiedAt })) return [];
    order.decidedInCrm = decisionInCrm(order.decidedInCrm ?? undefined, order.dealWanted?.status, status) ?? null;
    order.dealStatus = status;
    order.dealModifiedAt = new Date(modifiedAt);
    order.dealWords = words;
    order.ownDealWords = own;
    return [{ kind: 'deal_told', detail: { status, modifiedAt, decidedInCrm: order.decidedInCrm !== null, ...(vendorStage !== undefined && { stage: vendorStage }) } }];
  }

  async #verify(
    manager: EntityManager, order: CustomerOrder,
    { to, word, dealId, causedBy }: Pick<Verification, 'to' | 'word'> & { readonly dealId: string; readonly causedBy: string | undefined },
  ): Promise<void> {
    order.verification = { to, word, askedAt: new Date().toISOString(), requestIds: [] };
    await this.#ask(manager, order, dealId, causedBy);
  }

  /** Has the deal read anew; what is told because of it is the answer. */
  async #ask(manager: EntityManager, order: CustomerOrder, dealId: string, causedBy: string | undefined): Promise<void> {
    const { verification, crmVendor: vendor, crmConnectionId: connectionId, orderId } = order;
    if (!verification || vendor === null || connectionId === null) return;
    const id = deterministicId('orders.verify', orderId, verification.word, verification.askedAt, String(verification.requestIds.length), causedBy ?? '');
    order.verification = { ...verification, requestIds: [...verification.requestIds, id].slice(-mostRequests) };
    await this.publisher.publish(manager, recordsWanted, {
      id, subject: `${vendor}/deal/${dealId}`, data: { vendor, connectionId, object: 'deal', externalIds: [dealId] },
    });
  }
}

function knownOf(order: CustomerOrder): KnownDeal {
  return {
    status: order.status, isDeleted: order.deletedAt !== null, words: order.dealWords, own: order.ownDealWords, isInStep: !isBehind(order.crmSync),
    ...timesOf(order), verification: order.verification ?? undefined,
  };
}

function timesOf({ dealModifiedAt, dealWrittenAt }: CustomerOrder): Pick<KnownDeal, 'modifiedAt' | 'writtenAt'> {
  return { modifiedAt: dealModifiedAt?.toISOString(), writtenAt: dealWrittenAt?.toISOString() };
}

function verifiedAs(verification: Verification | null, { verified }: Taken, words: readonly string[]): NewDecision[] {
  if (!verification || !verified) return [];
  const { to, word } = verification;
  return [verified === 'holds' ? { kind: 'verified', detail: { to, word } } : { kind: 'verification_differs', detail: { to, word, told: words.join(', ') } }];
}
