import { randomBytes, randomUUID } from 'node:crypto';
import {
  crmUpsertRequested, envelopeSchema, feedRequested, orderChanged, recordsWanted, type Deal, type DealState, type Envelope, type EventData, type EventDefinition, type orderReceived, type UpsertOutcome,
} from '@crossdock/contracts';
import { Connections, connectionsSchema, VaultKeys, type ConnectionStore } from '@crossdock/connections';
import { EventInbox, EventPublisher } from '@crossdock/event-bus';
import { OutboundHttp } from '@crossdock/outbound-http';
import { Jobs, TaskQueue, TaskRegistry } from '@crossdock/task-queue';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, type TestDatabase } from '@crossdock/test-stack';
import { WooCommerceOrderSource } from '@crossdock/vendor-woocommerce';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { EntityManager, Logger } from 'typeorm';
import { OrderComparisons } from './comparison/order-comparisons.ts';
import { ClaimedOrders } from './claims/claimed-orders.ts';
import type { WantedOrders } from './claims/claimed-orders.store.ts';
import type { UpsertAnswer } from './crm-answers.ts';
import { DealFollowing } from './deals/deal-following.ts';
import { OrderDeals, wantedOfDeal } from './deals/order-deals.service.ts';
import { OrderMoves } from './moves/order-moves.ts';
import { TransitionMetrics } from './moves/transition-metrics.ts';
import { OrderCrm, type Outcome } from './order-crm.service.ts';
import { listOrders } from './order-page.ts';
import { listDecisions } from './order.repository.ts';
import { OrderEvents } from './order.events.ts';
import { OrderSources } from './order-sources.ts';
import { orderIdOf, OrderService } from './order.service.ts';
import { viewOrder } from './order.view.ts';
import { orderEntities } from './orders.module.ts';
import { ordersSchema } from './orders.schema.ts';
import { OrderLookUps } from './shop-polling/order-look-ups.ts';
import { ShopPollTasks } from './shop-polling/shop-poll.tasks.ts';
import { ShopWebhooks } from './shop-polling/shop-webhooks.ts';
import { ShopReferenceTasks } from './shop-writing/shop-reference.tasks.ts';
import { ShopWriteTasks } from './shop-writing/shop-write.tasks.ts';
import type { MachineDefinition } from './state-machine/machine-definition.ts';
import { OrderMachines, saveMachine } from './state-machine/machine.repository.ts';

type Take = (orders: ClaimedOrders) => Promise<Outcome | 'unclear'>;
type Requested = EventData<typeof crmUpsertRequested>;

/** An event that orders hears. */
export interface ToldEvent {
  readonly definition: EventDefinition;
  readonly data: unknown;
  /** The event that it was said for. */
  readonly causationId?: string;
}

/** How many statements the database was sent. */
class StatementCount implements Logger {
  sent = 0;

  logQuery(): void {
    this.sent += 1;
  }

  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}

/** What orders decides and stores, with a database of its own; nothing is relayed, worked off or sent. */
export class OrdersWorld {
  readonly database: TestDatabase;
  readonly tenants: TenantDatabase;
  readonly metrics = new Registry();
  readonly machines = new OrderMachines();
  readonly connections: ConnectionStore;
  readonly crm: OrderCrm;
  readonly moves: OrderMoves;
  readonly deals: OrderDeals;
  readonly orders: OrderService;
  readonly events: OrderEvents;
  readonly #http: OutboundHttp;

  private constructor(database: TestDatabase, tenants: TenantDatabase, readonly statements: StatementCount) {
    this.database = database;
    this.tenants = tenants;
    const { metrics, machines } = this;
    const publisher = new EventPublisher('orders', () => undefined);
    const connections = new Connections({
      database: tenants, publisher, metrics, service: 'orders', keys: VaultKeys.parse(`test:${randomBytes(32).toString('base64')}`),
    });
    const { store, health, vault } = connections;
    this.#http = new OutboundHttp({ metrics, logger: pino({ level: 'silent' }), allowPrivateNetworks: false });
    const sources = new OrderSources([new WooCommerceOrderSource({ http: this.#http, vault })]);
    const [queue, registry] = [new TaskQueue(() => undefined), new TaskRegistry()];
    const shopWrites = new ShopWriteTasks(queue, registry, tenants, store, health, sources, machines);
    const transitions = new TransitionMetrics(metrics);
    this.connections = store;
    const references = new ShopReferenceTasks(queue, registry, tenants, store, health, sources);
    this.crm = new OrderCrm(publisher, references);
    this.moves = new OrderMoves(this.crm, machines, shopWrites, transitions);
    this.deals = new OrderDeals(publisher, this.crm, machines, this.moves);
    this.orders = new OrderService(this.crm, sources, new DealFollowing(publisher, 60), machines, transitions);
    const lookUps = new OrderLookUps(queue, registry, tenants, store, health, sources, this.orders);
    const comparisons = new OrderComparisons(new Jobs({ database: tenants, queue, registry }), tenants, store, publisher, sources, machines, lookUps, this.crm, metrics);
    const polls = new ShopPollTasks(queue, registry, publisher, tenants, store, health, sources, new ShopWebhooks(tenants, connections, sources, undefined, metrics), machines, 60);
    this.events = new OrderEvents(this.orders, this.deals, this.moves, polls, lookUps, comparisons, sources, queue);
  }

  static async create(): Promise<OrdersWorld> {
    const database = await createTestDatabase();
    const url = await database.migrateService('orders', [ordersSchema, connectionsSchema]);
    const dataSource = await database.connect(url, 'orders', orderEntities);
    const statements = new StatementCount();
    dataSource.setOptions({ logging: ['query'], logger: statements });
    return new OrdersWorld(database, new TenantDatabase(dataSource), statements);
  }

  async stop(): Promise<void> {
    await this.#http.close();
    await this.database.drop();
  }

  asTenant<Result>(tenantId: string, work: () => Promise<Result>): Promise<Result> {
    return tenantContext.run({ tenantId, correlationId: randomUUID() }, work);
  }

  saveMachine(manager: EntityManager, tenantId: string, definition: MachineDefinition): Promise<void> {
    return this.asTenant(tenantId, () => saveMachine(manager, definition, 'a test'));
  }

  /** A tenant with a shop, linked to a HubSpot account unless said otherwise. */
  async tenant({ linked = true } = {}) {
    const tenantId = randomUUID();
    const shopId = randomUUID();
    const crmConnectionId = randomUUID();
    const settings = linked ? { crmVendor: 'hubspot', crmConnectionId } : {};
    await this.tenants.transaction(tenantId, (manager) =>
      this.connections.create(manager, { id: shopId, tenantId, vendor: 'woocommerce', accountId: shopId, accountName: 'Paper & more', settings }));
    const inbox = new EventInbox(this.tenants, 'orders');

    const hear = async (wanted: WantedOrders, take: Take, eventId: string = randomUUID()): Promise<Outcome | 'unclear' | 'repeat'> => {
      let outcome: Outcome | 'unclear' | 'repeat' = 'repeat';
      await inbox.handle({
        specversion: '1.0', id: eventId, source: '/crossdock/test', type: 'test.event.happened.v1', time: new Date().toISOString(),
        subject: 'test', datacontenttype: 'application/json', dataschema: 'urn:test', tenantid: tenantId,
        correlationid: randomUUID(), data: {},
      }, async ({ manager }) => { outcome = await ClaimedOrders.change(manager, wanted, take); });
      return outcome;
    };
    /** Brings events as the consumer does: in one transaction, which takes them together. */
    const hearTogether = async (told: readonly ToldEvent[]): Promise<readonly string[]> => {
      const gateway = new EventPublisher('gateway', () => undefined);
      const envelopes = told.map(({ definition, data, causationId }) =>
        gateway.envelope({ tenantId, correlationId: randomUUID(), ...(causationId !== undefined && { causationId }) }, definition, { subject: 'test', data }));
      const [outcomes = []] = await inbox.handleAll([{
        envelopes,
        takers: { one: (event, context) => this.events.onEvents([event], context), many: (events, context) => this.events.onEvents(events, context), takesTypesTogether: true },
      }], () => undefined);
      return outcomes;
    };
    const hearShop = (told: EventData<typeof orderReceived>, by: { readonly isLookedUp?: boolean } = {}, eventId?: string) => hear(
      { told: [{ connectionId: told.connectionId, orderId: orderIdOf(tenantId, told), isNew: told.change === 'created' }] }, (orders) => this.orders.receive(orders, told, by), eventId);
    const hearAnswer = (answer: UpsertAnswer) => hear({ requestIds: [answer.requestId] }, (orders) => this.deals.takeAnswer(orders, answer, randomUUID()));
    const saidEnvelopes = async (type: string): Promise<Envelope[]> => {
      const rows = await this.tenants.transaction(tenantId, (manager) => manager.query<Array<{ payload: string }>>(
        'SELECT payload FROM outbox WHERE topic = $1 ORDER BY id', [type]));
      return rows.map(({ payload }) => envelopeSchema.parse(JSON.parse(payload)));
    };
    const said = async (type: string): Promise<unknown[]> => (await saidEnvelopes(type)).map(({ data }) => data);
    const requested = async (): Promise<Requested[]> => (await said(crmUpsertRequested.type)).map((data) => crmUpsertRequested.schema.parse(data));
    return {
      tenantId,
      shopId,
      crmConnectionId,
      hear,
      hearTogether,
      requested,
      changes: async () => (await said(orderChanged.type)).map((data) => orderChanged.schema.parse(data)),
      hearOrder: (minute: number, fields: Record<string, unknown> = {}, eventId?: string) => hearShop(shopOrder(shopId, minute, fields), {}, eventId),
      hearDeletion: (minute: number) => hearShop({ ...shopOrder(shopId, minute, {}), change: 'deleted', payload: { id: 727 } }, { isLookedUp: true }),
      hearShop,
      hearAnswer,
      /** The CRM took what was requested under these ids, or said `refused`; what is not named it has not answered. */
      answer: async (request: Requested | undefined, answers: { readonly contact?: string; readonly deal?: string }) => {
        if (!request) throw new Error('Nothing was requested.');
        const { requestId, vendor, connectionId } = request;
        const [contact, deal] = [answers.contact, answers.deal].map((id): UpsertOutcome | undefined => (id === 'refused'
          ? { outcome: 'refused', kind: 'invalid', message: 'The e-mail is not valid.' }
          : id === undefined ? undefined : { outcome: 'upserted', created: true, crmId: id }));
        const answer = deal ? { object: 'deal' as const, result: deal, ...(contact && { contact }) } : contact && { object: 'contact' as const, result: contact };
        if (!answer) throw new Error('Nothing is answered.');
        return hearAnswer({ requestId, vendor, connectionId, ...answer });
      },
      /** @param causedBy the event that the CRM service told the deal for */
      hearDeal: (deal: Pick<Deal, 'status' | 'modifiedAt'> & Partial<Deal>, causedBy?: string) => {
        const told: DealState = { source: { vendor: 'hubspot', connectionId: crmConnectionId, externalId: 'deal-1' }, name: 'Order 727', contacts: [], ...deal };
        return hear(wantedOfDeal({ ...told.source, externalKey: told.externalKey }), (orders) => this.deals.take(orders, told, causedBy));
      },
      /** The orders' ids by those that the shop gave them. */
      ids: async () => new Map((await this.tenants.transaction(tenantId, (manager) => listOrders(manager, { limit: 100 }))).orders.map(({ externalId, orderId }) => [externalId, orderId])),
      taskKinds: async () => (await this.tenants.transaction(tenantId, (manager) => manager.query<Array<{ kind: string }>>('SELECT kind FROM task ORDER BY kind'))).map(({ kind }) => kind),
      /** What was asked to be told of changed records. */
      followed: async () => (await said(feedRequested.type)).map((data) => feedRequested.schema.parse(data)),
      /** The ids of the events by which deals were asked for. */
      verifications: async () => (await saidEnvelopes(recordsWanted.type)).map(({ id }) => id),
      order: async () => {
        const { orders: [first] } = await this.tenants.transaction(tenantId, (manager) => listOrders(manager, { externalId: '727', limit: 1 }));
        return first && viewOrder(first);
      },
      storedDecisions: (orderId: string) => this.tenants.transaction(tenantId, (manager) => listDecisions(manager, orderId, { limit: 100, after: '0' })),
      timeline: async (orderId: string) => (await this.tenants.transaction(tenantId, (manager) =>
        listDecisions(manager, orderId, { limit: 100, after: '0' }))).map(({ kind }) => kind),
    };
  }
}

/** So many minutes into the tests' day, ISO 8601 in UTC with milliseconds. */
export const minutes = (minute: number): string => new Date(Date.UTC(2026, 2, 1, 0, minute)).toISOString();

export function shopOrder(connectionId: string, minute: number, fields: Record<string, unknown>): EventData<typeof orderReceived> {
  const id = Number(fields['id'] ?? 727);
  return {
    vendor: 'woocommerce',
    connectionId,
    change: 'updated',
    externalId: String(id),
    receivedAt: minutes(minute),
    payload: {
      id,
      number: String(id),
      status: 'processing',
      currency: 'USD',
      total: '29.35',
      date_created_gmt: minutes(0).slice(0, 19),
      date_modified_gmt: minutes(minute).slice(0, 19),
      billing: { first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com', phone: '', country: 'GB' },
      line_items: [{ id: 1, name: 'Notebook', sku: 'N1', quantity: 1, total: '29.35' }],
      ...fields,
    },
  };
}
