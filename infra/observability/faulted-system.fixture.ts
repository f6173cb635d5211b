import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CrmServiceWorld } from '@crossdock/crm-service/crm-service.fixture';
import { createLogger, startService, type RunningService } from '@crossdock/service-kit';
import { newKey } from '@crossdock/service-tokens/issuer.fixture';
import { createTcpGate, createTestKafka, eventually, type TcpGate } from '@crossdock/test-stack';
import { crmHubSpotDefinition } from '../../apps/crm-hubspot/src/crm-hubspot.definition.ts';
import { gatewayDefinition } from '../../apps/gateway/src/gateway.definition.ts';
import { gatewaySchemas } from '../../apps/gateway/src/gateway.schemas.ts';

/** A tenant of the CRM service. */
export type Tenant = Awaited<ReturnType<CrmServiceWorld['tenant']>>;

const app = { clientId: randomUUID(), clientSecret: randomUUID() };
const nowhere = 'http://127.0.0.1:9';
const publicUrl = 'https://hub.example.com';
const otherServices = ['crmHubspot', 'crmSalesforce', 'crmPipedrive', 'crmZoho', 'crmDynamics', 'orders', 'shipping', 'attribution', 'sync', 'journal'];

/** A CRM service, and a gateway that finds no Kafka until its door is opened; what goes wrong in them, and nothing but that, is a test's to say. */
export class FaultedSystem {
  readonly crm: CrmServiceWorld;
  readonly gateway: RunningService;
  /** The gateway's way to Kafka. */
  readonly kafka: TcpGate;
  readonly #folder: string;

  private constructor(parts: Pick<FaultedSystem, 'crm' | 'gateway' | 'kafka'> & { readonly folder: string }) {
    this.crm = parts.crm;
    this.gateway = parts.gateway;
    this.kafka = parts.kafka;
    this.#folder = parts.folder;
  }

  static async start(): Promise<FaultedSystem> {
    const crm = await CrmServiceWorld.start('hubspot', crmHubSpotDefinition, (sandboxUrl) => ({
      hubspotApiUrl: `${sandboxUrl}/hubspot`, hubspotClientId: app.clientId, hubspotClientSecret: app.clientSecret,
    }));
    const [broker = ''] = String(crm.settings['kafkaBrokers']).split(',');
    const { hostname, port } = new URL(`tcp://${broker}`);
    const kafka = await createTcpGate({ host: hostname, port: Number(port) }, false);
    const folder = mkdtempSync(join(tmpdir(), 'faulted-'));
    const serviceClientKeyFile = join(folder, 'key.json');
    writeFileSync(serviceClientKeyFile, JSON.stringify(await newKey('gateway')));
    const gateway = await startService(gatewayDefinition, gatewayDefinition.config.parse({
      ...crm.settings, databaseUrl: await crm.database.migrateService('gateway', gatewaySchemas), kafkaBrokers: `127.0.0.1:${kafka.port}`,
      publicUrl, serviceClientKeyFile, hubspotClientSecrets: app.clientSecret, ...Object.fromEntries(otherServices.map((name) => [`${name}Url`, nowhere])),
    }), createLogger('gateway', 'fatal'));
    return new FaultedSystem({ crm, gateway, kafka, folder });
  }

  /** A tenant with a portal of its own at HubSpot. @param settings of the connection */
  async tenant(settings: Readonly<Record<string, unknown>> = {}): Promise<Tenant> {
    const portal = await this.crm.control.createHubSpotPortal(app);
    const tenant = await this.crm.tenant({ accountId: String(portal.portalId), tokens: portal, settings });
    await tenant.connected();
    return tenant;
  }

  /** The service is asked for a contact that the CRM does not have yet. */
  async askForContact(tenant: Tenant): Promise<void> {
    await tenant.ask({ object: 'contact', fields: { email: `${randomUUID()}@example.com`, firstName: 'Anna' } });
  }

  /** Messages that nobody can read, among what the service is told. */
  async poison(count: number): Promise<void> {
    const producer = createTestKafka().producer();
    await producer.connect();
    await producer.send({
      topic: `${String(this.crm.settings['topicPrefix'])}crm.upsert.requested.v1`,
      messages: Array.from({ length: count }, (_, index) => ({ key: String(index), value: 'poison' })),
    });
    await producer.disconnect();
  }

  /** Nobody may write meanwhile what was handled: the service waits in its transactions. */
  async holdInbox(isOver: () => boolean): Promise<void> {
    await this.crm.admin.transaction(async (manager) => {
      await manager.query('LOCK TABLE inbox IN EXCLUSIVE MODE');
      while (!isOver()) await manager.query('SELECT pg_sleep(0.1)');
    });
  }

  /** HubSpot does not take the tenant's tokens any more, and the service finds out. */
  async revokeTokens(tenant: Tenant): Promise<void> {
    for (const kind of ['revoke-token', 'expire-token'] as const) await this.crm.control.addFault('hubspot', { kind, account: tenant.connection.accountId });
    await this.askForContact(tenant);
    await eventually('the connection to need its tenant', async () => (await tenant.current())?.state === 'needs_reconnect');
  }

  /** HubSpot tells of a change. @returns the status of the gateway's answer */
  async webhookFor(tenant: Tenant): Promise<number> {
    const body = JSON.stringify([{
      eventId: 1, portalId: Number(tenant.connection.accountId), occurredAt: Date.now(), subscriptionType: 'deal.propertyChange', objectId: 88, propertyName: 'dealstage',
    }]);
    const [url, timestamp] = ['/webhooks/hubspot', String(Date.now())];
    const signature = createHmac('sha256', app.clientSecret).update(`POST${publicUrl}${url}${body}${timestamp}`).digest('base64');
    const { statusCode } = await this.gateway.app.inject({
      method: 'POST', url, payload: body,
      headers: { 'content-type': 'application/json', 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': timestamp },
    });
    return statusCode;
  }

  async stop(): Promise<void> {
    this.kafka.open();
    await this.gateway.stop();
    await this.crm.stop();
    await this.kafka.dispose();
    rmSync(this.#folder, { recursive: true });
  }
}
