import { randomBytes, randomUUID } from 'node:crypto';
import {
  shipmentCreated, shipmentDelivered, trackingUpdated, envelopeSchema, type EventDefinition, type ShipmentStatus,
} from '@crossdock/contracts';
import { ConnectionHealth, connectionsSchema, ConnectionStore, CredentialVault, VaultKeys } from '@crossdock/connections';
import { EventInbox, EventPublisher } from '@crossdock/event-bus';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { createLogger } from '@crossdock/service-kit';
import { TaskMetrics, TaskQueue, TaskRegistry, TaskWorker } from '@crossdock/task-queue';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, eventually, type TestDatabase } from '@crossdock/test-stack';
import { ShippoClient, shippoCredentials } from '@crossdock/vendor-shippo';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { LabelPurchaseTasks } from './label-purchase.tasks.ts';
import { shipmentRequestSchema } from './shipment-request.ts';
import { ShipmentService } from './shipment.service.ts';
import type { ShipmentView } from './shipment.view.ts';
import { shippingEntities } from './shipping.module.ts';
import { shippingSchema } from './shipping.schema.ts';
import { TrackingService, type ReportOutcome } from './tracking.service.ts';

let testDatabase: TestDatabase;
let database: TenantDatabase;
let sandbox: Sandbox;
let control: SandboxControl;
let http: OutboundHttp;
let worker: TaskWorker;
let connections: ConnectionStore;
let vault: CredentialVault;
let shipments: ShipmentService;
const tracking = new TrackingService(new EventPublisher('shipping', () => undefined));

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const url = await testDatabase.migrateService('shipping', [shippingSchema, connectionsSchema]);
  database = new TenantDatabase(await testDatabase.connect(url, 'shipping', shippingEntities));
  sandbox = await startSandbox({ port: 0 });
  control = new SandboxControl(sandbox.url);

  const logger = createLogger('shipping', 'fatal');
  http = new OutboundHttp({ metrics: new Registry(), logger, allowPrivateNetworks: true });
  connections = new ConnectionStore(database);
  vault = new CredentialVault(database, VaultKeys.parse(`test:${randomBytes(32).toString('base64')}`));
  const registry = new TaskRegistry();
  worker = new TaskWorker({ database, registry, logger, metrics: new TaskMetrics(new Registry(), database), random: () => 0.3 });
  const purchases = new LabelPurchaseTasks(
    new TaskQueue(() => worker.wake()), registry, database, connections,
    new ConnectionHealth(database, new EventPublisher('shipping', () => undefined), 'shipping'), new ShippoClient({ http, vault, apiUrl: `${sandbox.url}/shippo` }), new EventPublisher('shipping', () => undefined), tracking,
  );
  purchases.onModuleInit();
  shipments = new ShipmentService(database, connections, purchases);
  worker.start();
});
afterAll(async () => {
  await worker.stop();
  await http.close();
  await sandbox.stop();
  await testDatabase.drop();
});

const address = {
  name: 'Ada Lovelace', street1: '1 Main Street', city: 'San Francisco', state: 'CA', postalCode: '94105', country: 'US',
};

/** A tenant with a Shippo account of its own. */
async function tenant({ mode = 'test' }: { mode?: 'test' | 'live' } = {}) {
  const tenantId = randomUUID();
  const connectionId = randomUUID();
  const account = await control.createShippoAccount({ mode });
  await database.transaction(tenantId, async (manager) => {
    const connection = await connections.create(manager, {
      id: connectionId, tenantId, vendor: 'shippo', accountId: account.account, state: 'healthy',
    });
    await vault.put(manager, connection, shippoCredentials.apiToken, account.token);
  });
  const inTenant = <Result>(work: () => Promise<Result>): Promise<Result> =>
    tenantContext.run({ tenantId, correlationId: randomUUID() }, work);
  const inbox = new EventInbox(database, 'shipping');
  const read = (shipmentId: string): Promise<ShipmentView> => inTenant(() => shipments.read(shipmentId));
  return {
    tenantId,
    account: account.account,
    request: (key: string, more: Record<string, unknown> = {}) => inTenant(() => shipments.request(key, shipmentRequestSchema.parse({
      connectionId, from: address, to: { ...address, name: 'Grace Hopper' },
      parcel: { weightGrams: 400, lengthMm: 200, widthMm: 150, heightMm: 80 },
      sample: { contactEmail: 'grace@example.com' }, ...more,
    }))),
    read,
    untilStatus: (shipmentId: string, status: ShipmentStatus) => eventually(`shipment to be ${status}`, async () => {
      const shipment = await read(shipmentId);
      return shipment.status === status && shipment;
    }),
    report: async (trackingNumber: string | undefined, status: ShipmentStatus, minute: number, test = mode === 'test') => {
      let outcome: ReportOutcome | 'repeat' = 'repeat';
      await inbox.handle({
        specversion: '1.0', id: randomUUID(), source: '/crossdock/test', type: 'test.event.happened.v1', time: new Date().toISOString(),
        subject: 'test', datacontenttype: 'application/json', dataschema: 'urn:test', tenantid: tenantId,
        correlationid: randomUUID(), data: {},
      }, async ({ manager }) => {
        outcome = await tracking.takeReport(manager, {
          connectionId, test,
          tracking: { carrier: 'usps', trackingNumber: trackingNumber ?? '', status, occurredAt: new Date(Date.UTC(2026, 2, 1, 0, minute)).toISOString() },
        });
      });
      return outcome;
    },
    said: async (definition: EventDefinition): Promise<unknown[]> => {
      const rows = await database.transaction(tenantId, (manager) => manager.query<Array<{ payload: string }>>(
        'SELECT payload FROM outbox WHERE topic = $1 ORDER BY id', [definition.type]));
      return rows.map(({ payload }) => envelopeSchema.parse(JSON.parse(payload)).data);
    },
  };
}

describe('a shipment', () => {
  it('gets the cheapest label, once, and says so', async () => {
    const shop = await tenant();
    const accepted = await shop.request('key-1');
    expect(accepted).toMatchObject({ status: 'requested', tracking: [] });
    const shipment = await shop.untilStatus(accepted.id, 'label_purchased');
    expect(shipment).toMatchObject({ carrier: 'usps', service: 'usps_ground_advantage', price: { currency: 'USD' }, test: true });
    expect(shipment.labelUrl).toMatch(/^http/);
    expect(await shop.said(shipmentCreated)).toMatchObject([{
      shipmentId: accepted.id, status: 'label_purchased', sample: { contactEmail: 'grace@example.com' },
      carrier: 'usps', trackingNumber: shipment.trackingNumber,
    }]);
    expect(await control.shippoTransactions(shop.account)).toHaveLength(1);
  });

  it('goes with the preferred carrier', async () => {
    const shop = await tenant();
    const { id } = await shop.request('key-1', { carrierPreference: 'ups' });
    expect(await shop.untilStatus(id, 'label_purchased')).toMatchObject({ carrier: 'ups' });
  });

  it('is one shipment for one key, however often and at the same time it is asked for', async () => {
    const shop = await tenant();
    const answers = await Promise.all(Array.from({ length: 8 }, () => shop.request('key-1')));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    await shop.untilStatus(answers[0]?.id ?? '', 'label_purchased');
    expect(await shop.request('key-1')).toMatchObject({ status: 'label_purchased' });
    expect(await control.shippoTransactions(shop.account)).toHaveLength(1);
    await expect(shop.request('key-1', { sample: { contactEmail: 'other@example.com' } })).rejects.toMatchObject({ kind: 'conflict' });
    const another = await shop.request('key-2');
    expect(another.id).not.toBe(answers[0]?.id);
    await shop.untilStatus(another.id, 'label_purchased');
  });

  it('is paid for once although the answer to the purchase is lost', async () => {
    const shop = await tenant();
    await control.addFault('shippo', { kind: 'reset', phase: 'after', pathPattern: '^POST .*/transactions' });
    const { id } = await shop.request('key-1');
    await shop.untilStatus(id, 'label_purchased');
    expect((await control.shippoTransactions(shop.account)).filter(({ status }) => status === 'SUCCESS')).toHaveLength(1);
  });

  it('fails with the reason when no label can be had', async () => {
    const shop = await tenant();
    await control.addFault('shippo', { kind: 'status', status: 400, pathPattern: '^POST .*/shipments' });
    const { id } = await shop.request('key-1');
    expect(await shop.untilStatus(id, 'failed')).toMatchObject({ failure: { kind: 'invalid' } });
    expect(await shop.said(shipmentCreated)).toEqual([]);
  });

  it('is not found, nor its connection usable, by another tenant', async () => {
    const [shop, other] = [await tenant(), await tenant()];
    const { id, connectionId } = await shop.request('key-1');
    await expect(other.read(id)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(other.request('key-1', { connectionId })).rejects.toMatchObject({ kind: 'not_found' });
    await shop.untilStatus(id, 'label_purchased');
  });
});

describe('tracking', () => {
  async function shipped(options?: { mode: 'live' }) {
    const shop = await tenant(options);
    const { id } = await shop.request('key-1');
    return { shop, id, trackingNumber: (await shop.untilStatus(id, 'label_purchased')).trackingNumber };
  }

  it('moves a shipment on to delivered and tells each step once', async () => {
    const { shop, id, trackingNumber } = await shipped();
    await shop.report(trackingNumber, 'pre_transit', 1);
    await shop.report(trackingNumber, 'in_transit', 2);
    await shop.report(trackingNumber, 'delivered', 3);
    expect(await shop.read(id)).toMatchObject({ status: 'delivered', deliveredAt: '2026-03-01T00:03:00.000Z' });
    expect(await shop.said(trackingUpdated)).toMatchObject([
      { previousStatus: 'label_purchased', status: 'pre_transit' },
      { previousStatus: 'pre_transit', status: 'in_transit' },
      { previousStatus: 'in_transit', status: 'delivered' },
    ]);
    expect(await shop.said(shipmentDelivered)).toMatchObject([
      { shipmentId: id, deliveredAt: '2026-03-01T00:03:00.000Z', sample: { contactEmail: 'grace@example.com' } },
    ]);
  });

  it('comes to the same end when reports come shuffled, repeated and at the same time', async () => {
    const { shop, id, trackingNumber } = await shipped();
    const reports = [['delivered', 3], ['pre_transit', 1], ['in_transit', 2], ['delivered', 3], ['in_transit', 2], ['pre_transit', 1]] as const;
    await Promise.all(reports.map(([status, minute]) => shop.report(trackingNumber, status, minute)));
    expect(await shop.read(id)).toMatchObject({ status: 'delivered', deliveredAt: '2026-03-01T00:03:00.000Z' });
    expect((await shop.read(id)).tracking.map(({ status }) => status)).toEqual(['pre_transit', 'in_transit', 'delivered']);
    expect(await shop.said(shipmentDelivered)).toHaveLength(1);
  });

  it('says nothing more for a repeated report or a late one', async () => {
    const { shop, id, trackingNumber } = await shipped();
    await shop.report(trackingNumber, 'delivered', 3);
    const before = await shop.said(trackingUpdated);
    expect(await shop.report(trackingNumber, 'delivered', 3)).toBe('stale');
    expect(await shop.report(trackingNumber, 'in_transit', 2)).toBe('applied');
    expect(await shop.read(id)).toMatchObject({ status: 'delivered' });
    expect(await shop.said(trackingUpdated)).toEqual(before);
  });

  it('counts a report that came before its label was recorded, as soon as it is', async () => {
    const shop = await tenant();
    await control.addFault('shippo', { kind: 'reset', phase: 'after', pathPattern: '^POST .*/transactions' });
    const { id } = await shop.request('key-1');
    const early = await eventually('the label at Shippo', async () => (await control.shippoTransactions(shop.account))[0]?.tracking_number);
    expect(await shop.report(early, 'in_transit', 1)).toBe('kept');
    expect(await shop.untilStatus(id, 'in_transit')).toMatchObject({ trackingNumber: early });
  });

  it('keeps a report about a parcel that nobody here sent', async () => {
    const shop = await tenant();
    expect(await shop.report('9400100000000000000000', 'in_transit', 1)).toBe('kept');
    expect(await shop.report('9400100000000000000000', 'in_transit', 1)).toBe('stale');
  });

  it('does not let a test webhook move a real parcel', async () => {
    const { shop, id, trackingNumber } = await shipped({ mode: 'live' });
    await expect(shop.report(trackingNumber, 'delivered', 1, true)).rejects.toMatchObject({ kind: 'invalid' });
    expect(await shop.read(id)).toMatchObject({ status: 'label_purchased', tracking: [] });
  });
});
