import type { Logger } from 'pino';
import { z } from 'zod';
import type { CrmObject } from '@crossdock/contracts';
import { crmServiceSchemas } from '@crossdock/crm-service';
import { connectionsSchema } from '@crossdock/connections';
import { loadConfig, startService, type RunningService } from '@crossdock/service-kit';
import { eventually } from '@crossdock/test-stack';
import { crmHubSpotDefinition } from '../../apps/crm-hubspot/src/crm-hubspot.definition.ts';
import { crmSalesforceDefinition } from '../../apps/crm-salesforce/src/crm-salesforce.definition.ts';
import { ConnectingGateway } from '../../apps/gateway/src/connections/connecting-gateway.fixture.ts';
import { ServiceFront } from '../../apps/gateway/src/connections/service-front.fixture.ts';
import { syncDefinition } from '../../apps/sync/src/sync.definition.ts';
import { syncSchema } from '../../apps/sync/src/sync.schema.ts';
import { agree, startBeside } from './connection-life.fixture.ts';
import { HubSpotSide } from './hubspot-side.fixture.ts';
import { SalesforceSide } from './salesforce-side.fixture.ts';

type Environment = Record<string, string>;

/** What stands between the two accounts beside the gateway. */
const services = [
  {
    name: 'crm-hubspot', setting: 'CRM_HUBSPOT_URL', schemas: crmServiceSchemas('crm-hubspot'),
    start: (environment: Environment, logger: Logger) => startService(crmHubSpotDefinition, loadConfig(crmHubSpotDefinition.config, environment), logger),
  },
  {
    name: 'crm-salesforce', setting: 'CRM_SALESFORCE_URL', schemas: crmServiceSchemas('crm-salesforce'),
    start: (environment: Environment, logger: Logger) => startService(crmSalesforceDefinition, loadConfig(crmSalesforceDefinition.config, environment), logger),
  },
  {
    name: 'sync', setting: 'SYNC_URL', schemas: [syncSchema, connectionsSchema],
    start: (environment: Environment, logger: Logger) => startService(syncDefinition, loadConfig(syncDefinition.config, environment), logger),
  },
] as const;

const syncSchemaOfGateway = z.looseObject({ id: z.uuid(), state: z.string() });
const scanSchema = z.looseObject({ connectionId: z.uuid(), told: z.int().optional(), missing: z.int().optional(), differences: z.int() });
const runSchema = z.looseObject({ id: z.uuid(), kind: z.string(), state: z.string(), scans: z.array(scanSchema) });
type Run = z.infer<typeof runSchema>;
type Tenant = Awaited<ReturnType<ConnectingGateway['tenant']>>;

/** The gateway, the services of two CRMs and sync between them, and the CRMs' stand-ins; HubSpot tells of its changes by webhook. */
export class TwoCrms {
  private constructor(readonly gateway: ConnectingGateway, private readonly running: readonly RunningService[], private readonly fronts: readonly ServiceFront[]) {}

  static async start(): Promise<TwoCrms> {
    const fronts = await Promise.all(services.map(() => ServiceFront.start()));
    const addresses = Object.fromEntries(services.map(({ setting }, index) => [setting, fronts[index]?.url ?? '']));
    const gateway = await ConnectingGateway.start(addresses, undefined, { isReachable: true });
    const tokens = new Map<string, string>();
    for (const { name } of services) {
      tokens.set(name, await gateway.issuer.sign({ claims: { aud: name, scope: 'connections:read connections:write syncs:read syncs:write tenant:any' } }));
    }
    gateway.issuer.tokenEndpoint = (form) => ({ status: 200, body: { access_token: tokens.get(form.get('audience') ?? ''), token_type: 'Bearer', expires_in: 600 } });
    const running: RunningService[] = [];
    for (const [index, { name, schemas, start }] of services.entries()) {
      const service = await startBeside(gateway, name, schemas, start);
      fronts[index]?.leadTo(service);
      running.push(service);
    }
    return new TwoCrms(gateway, running, fronts);
  }

  /** A tenant that has connected a new account of each CRM at the gateway, both set up. */
  async tenant(): Promise<TenantOfTwo> {
    const { control, app, environment } = this.gateway;
    const tenant = await this.gateway.tenant();
    const portal = await control.createHubSpotPortal({ ...app, webhookTargetUrl: `${environment['PUBLIC_URL'] ?? ''}/webhooks/hubspot`, searchDelayMs: 0 });
    const org = await control.createSalesforceOrg(app);
    const hubSpot = new HubSpotSide(control, portal.portalId, await this.#connect(tenant, 'hubspot', String(portal.portalId)));
    const salesforce = new SalesforceSide(control, org.orgId, await this.#connect(tenant, 'salesforce', org.orgId));
    return new TenantOfTwo(tenant, hubSpot, salesforce);
  }

  async #connect(tenant: Tenant, vendor: 'hubspot' | 'salesforce', account: string): Promise<string> {
    await this.gateway.control.setConsent(vendor, { account });
    await agree(this.gateway, tenant, { vendor });
    const id = String((await tenant.connections()).find((connection) => connection['vendor'] === vendor)?.['id']);
    await eventually(`the ${vendor} account to be set up`, async () => {
      const { status, body } = await tenant.call('GET', `/v1/connections/${id}/set-up`);
      return status === 200 && z.looseObject({ job: z.looseObject({ state: z.string() }) }).parse(body).job.state === 'succeeded';
    }, 30_000);
    return id;
  }

  async stop(): Promise<void> {
    for (const service of this.running) await service.stop();
    for (const front of this.fronts) await front.stop();
    await this.gateway.stop();
  }
}

/** A tenant with a HubSpot portal and a Salesforce org, at the gateway's routes. */
export class TenantOfTwo {
  constructor(readonly tenant: Tenant, readonly hubSpot: HubSpotSide, readonly salesforce: SalesforceSide) {}

  /** Makes a sync of both accounts, HubSpot first; the accounts are read. @returns its id. */
  async sync(object: CrmObject, changes: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const sides = [this.hubSpot, this.salesforce].map(({ connectionId }) => ({ connectionId, reads: true, writes: true }));
    const { status, body } = await this.tenant.call('POST', '/v1/syncs', { name: `${object}s`, object, sides, pollEverySeconds: 10, ...changes });
    if (status !== 201) throw new Error(`The sync was refused: ${JSON.stringify(body)}`);
    return syncSchemaOfGateway.parse(body).id;
  }

  /** Waits for the newest run to end. */
  async ended(syncId: string, { runId }: { readonly runId?: string } = {}): Promise<Run> {
    return eventually('the run to end', async () => {
      const { body } = await this.tenant.call('GET', `/v1/syncs/${syncId}/runs`);
      const run = z.object({ items: z.array(runSchema) }).parse(body).items.find(({ id }) => runId === undefined || id === runId);
      return run?.state !== 'running' && run;
    }, 60_000);
  }

  /** Reads both accounts completely once more and waits for the end of that. */
  async reconcile(syncId: string): Promise<Run> {
    const { id: runId } = runSchema.parse((await this.tenant.call('POST', `/v1/syncs/${syncId}/runs`)).body);
    return this.ended(syncId, { runId });
  }
}
