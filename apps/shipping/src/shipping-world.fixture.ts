import { randomBytes, randomUUID } from 'node:crypto';
import { envelopeSchema, type EventDefinition, type ShipmentStatus } from '@crossdock/contracts';
import { ConnectionHealth, connectionsSchema, ConnectionStore, CredentialVault, VaultKeys } from '@crossdock/connections';
import { EventInbox, EventPublisher } from '@crossdock/event-bus';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { createLogger } from '@crossdock/service-kit';
import { ScheduleRegistry, TaskMetrics, TaskQueue, TaskRegistry, TaskWorker } from '@crossdock/task-queue';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, eventually, type TestDatabase } from '@crossdock/test-stack';
import { ShippoClient, shippoCredentials, ShippoManifests } from '@crossdock/vendor-shippo';
import { Registry } from 'prom-client';
import type { EntityManager } from 'typeorm';
import { LabelPurchaseTasks } from './labels/label-purchase.tasks.ts';
import { LabelRefundTasks } from './labels/label-refund.tasks.ts';
import { RateSelection } from './labels/rate-selection.ts';
import { DailyManifests } from './manifests/daily-manifests.ts';
import { ManifestTasks } from './manifests/manifest.tasks.ts';
import { keepPolicy, shippingPolicySchema, type ShippingPolicy } from './policy/shipping-policy.ts';
import { followRequestSchema, returnRequestSchema, shipmentRequestSchema } from './shipments/shipment-request.ts';
import { SampleRequests } from './samples/sample-requests.service.ts';
import { ShipmentBatches } from './shipments/shipment-batch.ts';
import { ShipmentService } from './shipments/shipment.service.ts';
import type { ShipmentView } from './shipments/shipment.view.ts';
import { ShippingMetrics } from './shipping-metrics.ts';
import { shippingEntities } from './shipping.module.ts';
import { shippingSchema } from './shipping.schema.ts';
import type { ShippingTimes } from './shipping-times.ts';
import { ParcelLookTasks } from './tracking/parcel-look.tasks.ts';
import { TrackingService, type ReportOutcome } from './tracking/tracking.service.ts';

export const address = {
  name: 'Ada Lovelace', street1: '1 Main Street', city: 'San Francisco', state: 'CA', postalCode: '94105', country: 'US',
};

/** What shipping consists of, over a database and an address of Shippo, without Kafka. */
export function assembleShipping({ database, http, vaultKeys, shippoUrl, times }: {
  readonly database: TenantDatabase; readonly http: OutboundHttp; readonly vaultKeys: string; readonly shippoUrl: string; readonly times: ShippingTimes;
}) {
  const connections = new ConnectionStore(database);
  const vault = new CredentialVault(database, VaultKeys.parse(vaultKeys));
  const registry = new TaskRegistry();
  const publisher = new EventPublisher('shipping', () => undefined);
  const worker = new TaskWorker({
    database, registry, logger: createLogger('shipping', 'fatal'), metrics: new TaskMetrics(new Registry(), database), random: () => 0.3,
  });
  const queue = new TaskQueue((kinds) => worker.wake(kinds));
  const health = new ConnectionHealth(database, publisher, 'shipping');
  const shippo = new ShippoClient({ http, vault, apiUrl: shippoUrl });
  const tracking = new TrackingService(publisher);
  const metrics = new ShippingMetrics(new Registry());
  const looks = new ParcelLookTasks(queue, registry, database, connections, health, shippo, tracking, metrics, times);
  const refunds = new LabelRefundTasks(queue, registry, database, connections, health, shippo, publisher, times);
  const purchases = new LabelPurchaseTasks(
    queue, registry, database, connections, health, shippo, publisher, new RateSelection(database, shippo), refunds, looks, tracking, metrics, times);
  const manifests = new ManifestTasks(queue, registry, database, connections, health, new ShippoManifests({ http, vault, apiUrl: shippoUrl }));
  const daily = new DailyManifests(registry, new ScheduleRegistry(), connections, manifests);
  for (const tasks of [looks, refunds, purchases, manifests, daily]) tasks.onModuleInit();
  const shipments = new ShipmentService(database, connections, purchases, refunds, looks, tracking, publisher);
  return {
    worker, shipments, tracking, connections, vault, manifests, daily,
    batches: new ShipmentBatches(database, shipments), samples: new SampleRequests(database, shipments),
  };
}

/** Shipping at work on a database of its own, beside a Shippo of its own. */
export class ShippingWorld {
  private constructor(
    readonly testDatabase: TestDatabase,
    readonly database: TenantDatabase,
    readonly url: string,
    readonly sandbox: Sandbox,
    readonly control: SandboxControl,
    readonly http: OutboundHttp,
    readonly vaultKeys: string,
    readonly shipping: ReturnType<typeof assembleShipping>,
  ) {}

  static async open(times: Partial<ShippingTimes> = {}, { works = true } = {}): Promise<ShippingWorld> {
    const testDatabase = await createTestDatabase();
    const url = await testDatabase.migrateService('shipping', [shippingSchema, connectionsSchema]);
    const database = new TenantDatabase(await testDatabase.connect(url, 'shipping', shippingEntities));
    const sandbox = await startSandbox({ port: 0 });
    const http = new OutboundHttp({ metrics: new Registry(), logger: createLogger('shipping', 'fatal'), allowPrivateNetworks: true });
    const vaultKeys = `test:${randomBytes(32).toString('base64')}`;
    const shipping = assembleShipping({
      database, http, vaultKeys, shippoUrl: `${sandbox.url}/shippo`,
      times: { purchaseSettlesMs: 1_000, parcelIsQuietMs: 3_600_000, refundLookMs: 3_600_000, ...times },
    });
    if (works) shipping.worker.start();
    return new ShippingWorld(testDatabase, database, url, sandbox, new SandboxControl(sandbox.url), http, vaultKeys, shipping);
  }

  async close(): Promise<void> {
    await this.shipping.worker.stop();
    await this.http.close();
    await this.sandbox.stop();
    await this.testDatabase.drop();
  }

  /** A tenant with a Shippo account of its own. */
  async tenant({ mode = 'test' }: { mode?: 'test' | 'live' } = {}) {
    const { database, control, shipping: { shipments, tracking, connections, vault, batches, samples } } = this;
    const tenantId = randomUUID();
    const connectionId = randomUUID();
    const { account, token } = await control.createShippoAccount({ mode });
    const useToken = (manager: EntityManager, apiToken: string): Promise<void> =>
      vault.put(manager, { id: connectionId, tenantId }, shippoCredentials.apiToken, apiToken);
    await database.transaction(tenantId, async (manager) => {
      await connections.create(manager, { id: connectionId, tenantId, vendor: 'shippo', accountId: account, state: 'healthy' });
      await useToken(manager, token);
    });
    const inTenant = <Result>(work: () => Promise<Result>): Promise<Result> =>
      tenantContext.run({ tenantId, correlationId: randomUUID() }, work);
    const inbox = new EventInbox(database, 'shipping');
    const read = (shipmentId: string): Promise<ShipmentView> => inTenant(() => shipments.read(shipmentId));
    return {
      tenantId, account, connectionId, inTenant, read,
      transaction: <Result>(work: (manager: EntityManager) => Promise<Result>) => inTenant(() => database.transaction(tenantId, work)),
      useToken: (apiToken: string) => database.transaction(tenantId, (manager) => useToken(manager, apiToken)),
      allow: (policy: Partial<ShippingPolicy>) => database.transaction(tenantId, (manager) => keepPolicy(manager, tenantId, shippingPolicySchema.parse(policy))),
      request: (key: string, more: Record<string, unknown> = {}) => inTenant(() => shipments.request(key, shipmentRequestSchema.parse({
        connectionId, from: address, to: { ...address, name: 'Grace Hopper' },
        parcel: { weightGrams: 400, lengthMm: 200, widthMm: 150, heightMm: 80 },
        sample: { contactEmail: 'grace@example.com' }, ...more,
      }))),
      requestReturn: (key: string, shipmentId: string, more: Record<string, unknown> = {}) =>
        inTenant(() => shipments.requestReturn(key, shipmentId, returnRequestSchema.parse(more))),
      follow: (key: string, more: Record<string, unknown>) => inTenant(() => shipments.follow(key, followRequestSchema.parse({ connectionId, ...more }))),
      requestMany: (key: string, bodies: readonly unknown[]) => inTenant(() => batches.request(key, { shipments: [...bodies] })),
      samples,
      takeBack: (shipmentId: string) => inTenant(() => shipments.takeBack(shipmentId)),
      tryAgain: (shipmentId: string) => inTenant(() => shipments.tryAgain(shipmentId)),
      sold: async () => (await control.shippoTransactions(account)).filter(({ status }) => status !== 'ERROR'),
      untilStatus: (shipmentId: string, status: ShipmentStatus) => eventually(`shipment to be ${status}`, async () => {
        const shipment = await read(shipmentId);
        return shipment.status === status && shipment;
      }),
      report: async (trackingNumber: string | undefined, status: ShipmentStatus, minute: number, test = mode === 'test', carrier = 'usps') => {
        let outcome: ReportOutcome | 'repeat' = 'repeat';
        await inbox.handle({
          specversion: '1.0', id: randomUUID(), source: '/crossdock/test', type: 'test.event.happened.v1', time: new Date().toISOString(),
          subject: 'test', datacontenttype: 'application/json', dataschema: 'urn:test', tenantid: tenantId,
          correlationid: randomUUID(), data: {},
        }, async ({ manager }) => {
          outcome = await tracking.takeReport(manager, {
            connectionId, test,
            tracking: { carrier, trackingNumber: trackingNumber ?? '', status, occurredAt: new Date(Date.UTC(2026, 2, 1, 0, minute)).toISOString() },
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
}
