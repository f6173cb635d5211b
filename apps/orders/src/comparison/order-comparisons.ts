import { setTimeout as wait } from 'node:timers/promises';
import { ConnectionStore, type Connection } from '@crossdock/connections';
import { deterministicId, Failure, recordsWanted, type DealState, type EventData, type recordGone } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import type { ShopOrder } from '@crossdock/order-source';
import { defineJobKind, Jobs, type Job, type RunningJob } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { ClaimedOrders } from '../claims/claimed-orders.ts';
import { isBehind } from '../crm-sync.machine.ts';
import { OrderCrm } from '../order-crm.service.ts';
import type { CustomerOrder } from '../order.entity.ts';
import { readShopOrder } from '../order-reading.ts';
import { OrderSources } from '../order-sources.ts';
import { OrderLookUps } from '../shop-polling/order-look-ups.ts';
import { OrderMachines } from '../state-machine/machine.repository.ts';
import {
  askForDeals, clearComparison, countDrift, dealsByAccount, forgetOldDrift, keepDrift, keepSeen, openQuestions, ordersByExternalId, ordersOfWindow, takeQuestions,
  unseenOf, type FoundDrift,
} from './comparison.repository.ts';
import { driftOfDeal, driftOfShop } from './order-drift.ts';

const timestamp = z.iso.datetime({ precision: 3 });
export const comparisonInputSchema = z.object({
  connectionId: z.uuid(),
  /** Orders placed from then on, and until then. */
  from: timestamp,
  to: timestamp,
  /** Whether what differs is only reported, or mended as well. */
  policy: z.enum(['report', 'repair']),
});
export type ComparisonInput = z.infer<typeof comparisonInputSchema>;

const placeSchema = z.object({ placedAt: timestamp, orderId: z.uuid() });
const checkpointSchema = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('shop'), from: timestamp, compared: z.int() }),
  z.object({ phase: z.literal('missing'), after: placeSchema.optional(), compared: z.int() }),
  z.object({ phase: z.literal('crm'), after: placeSchema.optional(), compared: z.int() }),
]);
type Checkpoint = z.infer<typeof checkpointSchema>;
type ComparisonRun = RunningJob<ComparisonInput, Checkpoint>;

const comparisonJob = defineJobKind({ kind: 'orders.compare', input: comparisonInputSchema, checkpoint: checkpointSchema });

const pageSize = 100;
/** A CRM that has not told a page of deals by then does not tell it any more. */
const answerWithinMs = 60_000;
const lookEveryMs = 200;

/**
 * Compares a window of a shop's orders with the shop and with their deals in the CRM, page by page. A difference is reported
 * and, where the policy says so, mended: the shop's word counts for the order, the order's for its deal. That an order is gone
 * is believed after a look at the order itself, never because a list did not name it.
 */
@Injectable()
export class OrderComparisons implements OnModuleInit {
  readonly #drift: Gauge<'kind'>;

  constructor(
    private readonly jobs: Jobs,
    private readonly database: TenantDatabase,
    private readonly connections: ConnectionStore,
    private readonly publisher: EventPublisher,
    private readonly sources: OrderSources,
    private readonly machines: OrderMachines,
    private readonly lookUps: OrderLookUps,
    private readonly crm: OrderCrm,
    metrics: Registry,
  ) {
    this.#drift = new Gauge({
      name: 'crossdock_reconciliation_drift_records', help: 'Differences that the last comparison of orders with their shop and their deals found.',
      labelNames: ['kind'], registers: [metrics],
    });
  }

  onModuleInit(): void {
    this.jobs.register(comparisonJob, (job) => this.#run(job), {
      onCancelled: (manager, { id }) => clearComparison(manager, id), onFailed: (manager, { id }) => clearComparison(manager, id),
    });
  }

  /** Begins one, in the caller's tenant transaction. @throws Failure `not_found` where the tenant has no such shop, `invalid` where the window is empty. */
  async start(manager: EntityManager, input: ComparisonInput): Promise<string> {
    const connection = await this.connections.findWithin(manager, input.connectionId);
    if (!connection || !this.sources.find(connection.vendor)) throw new Failure('not_found', `The tenant has no shop connection ${input.connectionId}.`);
    if (input.from > input.to) throw new Failure('invalid', 'The window ends before it begins.', { pointer: '/to' });
    await forgetOldDrift(manager);
    return this.jobs.start(manager, comparisonJob, { input, groupKey: input.connectionId });
  }

  /** Undefined where there is none with this id. */
  async find(manager: EntityManager, id: string): Promise<Job | undefined> {
    const job = await this.jobs.get(manager, id);
    return job?.kind === comparisonJob.kind ? job : undefined;
  }

  /** Takes a deal that the CRM told, once its order, which is claimed, has followed it. Where a comparison waits for it, it is compared. */
  async takeDeal(orders: ClaimedOrders, deal: DealState): Promise<void> {
    await this.#answer(orders, deal.source, (order) => {
      // A word of the CRM's that is still to be verified is no difference yet; an older state than the known one is none at all.
      const isOld = order.dealModifiedAt !== null && deal.modifiedAt < order.dealModifiedAt.toISOString();
      return isOld || order.verification || !order.dealWanted ? [] : driftOfDeal(order.dealWanted, deal);
    });
  }

  async takeGone(orders: ClaimedOrders, gone: EventData<typeof recordGone>): Promise<void> {
    await this.#answer(orders, gone, () => [{ side: 'crm', field: 'deal', here: gone.externalId, there: gone.gone }]);
  }

  async #answer(
    orders: ClaimedOrders, { connectionId, externalId: dealId }: { readonly connectionId: string; readonly externalId: string },
    driftOf: (order: CustomerOrder) => ReturnType<typeof driftOfDeal>,
  ): Promise<void> {
    const order = orders.findOfDeal(connectionId, dealId);
    if (!order || !orders.isAskedFor(order)) return;
    const questions = (await takeQuestions(orders.manager, [order.orderId])).filter(({ revision }) => revision === order.crmSync.deal.wanted);
    const drift = questions.length === 0 ? [] : driftOf(order);
    if (drift.length === 0) return;
    const repairs = questions.some((question) => question.repairs);
    if (repairs) await this.crm.tellAgain(orders, order);
    for (const { comparisonId } of questions) {
      await keepDrift(orders.manager, order.tenantId, comparisonId, drift.map((each) => ({ ...each, externalId: order.externalId, orderId: order.orderId, repaired: repairs })));
    }
  }

  async #run(job: ComparisonRun): Promise<void> {
    const connection = await this.connections.find(job.tenantId, job.input.connectionId);
    if (!connection || connection.state === 'disconnected') throw new Failure('not_found', `The shop of connection ${job.input.connectionId} is not connected any more.`);
    let checkpoint: Checkpoint = job.checkpoint ?? { phase: 'shop', from: job.input.from, compared: 0 };
    if (checkpoint.phase === 'shop') checkpoint = await this.#compareWithShop(job, connection, checkpoint);
    if (checkpoint.phase === 'missing') checkpoint = await this.#findMissing(job, connection, checkpoint);
    if (checkpoint.phase === 'crm') await this.#compareWithCrm(job, checkpoint);
    await this.database.transaction(job.tenantId, async (manager) => {
      await clearComparison(manager, job.id);
      for (const side of ['shop', 'crm'] as const) {
        const found = (await countDrift(manager, job.id)).filter((each) => each.side === side);
        this.#drift.set({ kind: `order_${side}` }, found.reduce((sum, { count }) => sum + count, 0));
      }
    });
  }

  async #compareWithShop(job: ComparisonRun, connection: Connection, start: Extract<Checkpoint, { phase: 'shop' }>): Promise<Checkpoint> {
    let { from, compared } = start;
    const source = this.sources.of(connection.vendor);
    for await (const page of source.placedOrders(connection, { from, to: job.input.to }, job.signal)) {
      const found = await this.database.transaction(job.tenantId, (manager) => this.#driftOfPage(manager, connection, page));
      compared += page.length;
      const last = page.at(-1);
      if (last) from = source.canonical(last.payload, { connectionId: connection.id, statusOf: () => 'pending' }).placedAt;
      await job.saveCheckpoint({ phase: 'shop', from, compared }, async (manager) => {
        await keepSeen(manager, job.tenantId, job.id, page.map(({ externalId }) => externalId));
        await this.#keepOfShop(manager, job, found);
      });
      await job.progress({ step: 'shop', done: compared });
    }
    const next: Checkpoint = { phase: 'missing', compared };
    await job.saveCheckpoint(next);
    return next;
  }

  async #driftOfPage(manager: EntityManager, connection: Connection, page: readonly ShopOrder[]): Promise<Array<Omit<FoundDrift, 'repaired'>>> {
    const [machine, source] = [await this.machines.active(manager), this.sources.of(connection.vendor)];
    const known = new Map((await ordersByExternalId(manager, connection.id, page.map(({ externalId }) => externalId))).map((order) => [order.externalId, order]));
    return page.flatMap(({ externalId, payload }): Array<Omit<FoundDrift, 'repaired'>> => {
      const order = known.get(externalId);
      if (!order || order.deletedAt !== null) return [{ externalId, side: 'shop', field: 'order', here: order ? 'deleted' : 'missing', there: 'present' }];
      const drift = driftOfShop({ order: order.canonical, shopWord: order.shopWord }, readShopOrder(source, payload, { connectionId: connection.id, machine }));
      return drift.map((each) => ({ ...each, externalId, orderId: order.orderId }));
    });
  }

  /** What differs from the shop is mended by looking the order up: one way in. */
  async #keepOfShop(manager: EntityManager, { id, tenantId, input: { connectionId, policy } }: ComparisonRun, found: ReadonlyArray<Omit<FoundDrift, 'repaired'>>): Promise<void> {
    const repaired = policy === 'repair';
    await keepDrift(manager, tenantId, id, found.map((each) => ({ ...each, repaired })));
    if (!repaired) return;
    for (const externalId of new Set(found.map((each) => each.externalId))) await this.lookUps.enqueue(manager, { connectionId, externalId });
  }

  async #findMissing(job: ComparisonRun, connection: Connection, start: Extract<Checkpoint, { phase: 'missing' }>): Promise<Checkpoint> {
    const { compared } = start;
    const source = this.sources.of(connection.vendor);
    for (let after = start.after; ;) {
      const { page, unseen } = await this.database.transaction(job.tenantId, async (manager) => {
        const orders = await ordersOfWindow(manager, job.input, after, pageSize);
        return { page: orders, unseen: await unseenOf(manager, job.id, orders.map(({ externalId }) => externalId)) };
      });
      const gone: Array<Omit<FoundDrift, 'repaired'>> = [];
      for (const externalId of unseen) {
        const present = await source.getOrder(connection, externalId, job.signal);
        const order = page.find((each) => each.externalId === externalId);
        if (order && (!present || present.isInBin)) gone.push({ externalId, orderId: order.orderId, side: 'shop', field: 'order', here: 'present', there: present ? 'in the bin' : 'gone' });
      }
      const last = page.at(-1);
      const isLast = !last || page.length < pageSize;
      after = last && { placedAt: last.canonical.placedAt, orderId: last.orderId };
      const next: Checkpoint = isLast ? { phase: 'crm', compared } : { phase: 'missing', ...(after && { after }), compared };
      await job.saveCheckpoint(next, (manager) => this.#keepOfShop(manager, job, gone));
      await job.progress({ step: 'missing' });
      if (isLast) return next;
    }
  }

  async #compareWithCrm(job: ComparisonRun, start: Extract<Checkpoint, { phase: 'crm' }>): Promise<void> {
    const { id, tenantId, input } = job;
    const repairs = input.policy === 'repair';
    for (let { after } = start; ;) {
      const page = await this.database.transaction(tenantId, async (manager) => {
        const orders = await ordersOfWindow(manager, input, after, pageSize);
        for (const { vendor, connectionId, deals } of dealsByAccount(orders)) {
          await askForDeals(manager, tenantId, { comparisonId: id, repairs }, deals);
          const question = deterministicId('orders.compare', id, connectionId, ...deals.map(({ dealId }) => dealId));
          await this.publisher.publish(manager, recordsWanted, {
            id: question, subject: `${vendor}/comparison/${id}`, data: { vendor, connectionId, object: 'deal', externalIds: deals.map(({ dealId }) => dealId) },
          });
        }
        await this.#keepWithoutDeal(manager, job, orders);
        return orders;
      });
      await this.#untilAnswered(job, page);
      const last = page.at(-1);
      if (!last || page.length < pageSize) return;
      after = { placedAt: last.canonical.placedAt, orderId: last.orderId };
      await job.saveCheckpoint({ phase: 'crm', after, compared: start.compared });
      await job.progress({ step: 'crm' });
    }
  }

  /** Orders that are to have a deal, and neither have one nor are on their way to it. */
  async #keepWithoutDeal(manager: EntityManager, { id, tenantId, input }: ComparisonRun, page: readonly CustomerOrder[]): Promise<void> {
    const lacking = page.filter(lacksDeal);
    if (lacking.length === 0) return;
    const repaired = input.policy === 'repair';
    await ClaimedOrders.change(manager, { orderIds: lacking.map(({ orderId }) => orderId) }, async (orders) => {
      // What has come to its deal since the page was read lacks it no more.
      const still = lacking.flatMap(({ orderId }) => orders.find(orderId) ?? []).filter(lacksDeal);
      await keepDrift(manager, tenantId, id, still.map(({ orderId, externalId }) => ({ externalId, orderId, side: 'crm', field: 'deal', here: 'wanted', there: 'missing', repaired })));
      if (repaired) for (const order of still) await this.crm.tellAgain(orders, order);
    });
  }

  async #untilAnswered(job: ComparisonRun, page: readonly CustomerOrder[]): Promise<void> {
    const inTenant = <Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> => this.database.transaction(job.tenantId, work);
    const endMs = performance.now() + answerWithinMs;
    let open = await inTenant((manager) => openQuestions(manager, job.id));
    while (open.length > 0 && performance.now() < endMs) {
      await wait(lookEveryMs, undefined, { signal: job.signal });
      open = await inTenant((manager) => openQuestions(manager, job.id));
    }
    if (open.length === 0) return;
    const unanswered = page.filter(({ orderId }) => open.includes(orderId));
    await inTenant(async (manager) => {
      await takeQuestions(manager, unanswered.map(({ orderId }) => orderId));
      await keepDrift(manager, job.tenantId, job.id, unanswered.map(({ orderId, externalId, crmSync }) =>
        ({ orderId, externalId, side: 'crm', field: 'deal', here: crmSync.dealId ?? '', there: 'not told in time', repaired: false })));
    });
  }
}

function lacksDeal({ crmConnectionId, crmSync }: CustomerOrder): boolean {
  return crmConnectionId !== null && crmSync.dealId === undefined && !isBehind(crmSync);
}
