import { z } from 'zod';
import { serviceNames, type CrmObject } from '@crossdock/contracts';
import type { RunningService } from '@crossdock/service-kit';
import { eventually } from '@crossdock/test-stack';
import { ConnectingGateway } from '../../apps/gateway/src/connections/connecting-gateway.fixture.ts';
import { ServiceFront } from '../../apps/gateway/src/connections/service-front.fixture.ts';
import { namesBetween, servicesBetween, type NameBetween } from './between-crms.fixture.ts';
import { agree, startBeside } from './connection-life.fixture.ts';
import { HubSpotSide } from './hubspot-side.fixture.ts';
import { MortalService } from './mortal-service.fixture.ts';
import { SalesforceSide } from './salesforce-side.fixture.ts';

const syncSchemaOfGateway = z.looseObject({ id: z.uuid(), state: z.string() });
const scanSchema = z.looseObject({ connectionId: z.uuid() });
const runSchema = z.looseObject({ id: z.uuid(), kind: z.string(), state: z.string(), scans: z.array(scanSchema) });
type Run = z.infer<typeof runSchema>;
type Tenant = Awaited<ReturnType<ConnectingGateway['tenant']>>;

/** The gateway, the services of two CRMs and sync between them, and the CRMs' stand-ins; HubSpot tells of its changes by webhook. */
export class TwoCrms {
  private constructor(readonly gateway: ConnectingGateway, readonly mortals: readonly MortalService[], private readonly stops: ReadonlyArray<() => Promise<void>>) {}

  /** @param mortal services that run in processes of their own, so that they can be killed. */
  static async start(...mortal: readonly NameBetween[]): Promise<TwoCrms> {
    const environments = new Map<NameBetween, Record<string, string>>();
    const [fronts, mortals] = [new Map<NameBetween, ServiceFront>(), new Map<NameBetween, Awaited<ReturnType<typeof MortalService.at>>>()];
    for (const name of namesBetween) {
      if (mortal.includes(name)) mortals.set(name, await MortalService.at(name, () => environments.get(name) ?? {}));
      else fronts.set(name, await ServiceFront.start());
    }
    const addresses = Object.fromEntries(namesBetween.map((name) => [`${name.replace('-', '_').toUpperCase()}_URL`, (mortals.get(name) ?? fronts.get(name))?.url ?? '']));
    const gateway = await ConnectingGateway.start(addresses, undefined, { isReachable: true });
    const tokens = new Map<string, string>();
    for (const name of serviceNames) {
      tokens.set(name, await gateway.issuer.sign({ claims: { aud: name, scope: 'connections:read connections:write syncs:read syncs:write jobs:read jobs:write tenant:any' } }));
    }
    gateway.issuer.tokenEndpoint = (form) => ({ status: 200, body: { access_token: tokens.get(form.get('audience') ?? ''), token_type: 'Bearer', expires_in: 600 } });
    const [running, alive]: [RunningService[], MortalService[]] = [[], []];
    for (const name of namesBetween) {
      const { schemas, start } = servicesBetween[name];
      const own = mortals.get(name);
      if (own) {
        environments.set(name, { ...gateway.environment, DATABASE_URL: await gateway.database.migrateService(name, schemas) });
        alive.push(await own.start());
      } else {
        const service = await startBeside(gateway, name, schemas, start);
        fronts.get(name)?.leadTo(service);
        running.push(service);
      }
    }
    return new TwoCrms(gateway, alive, [...running, ...alive, ...fronts.values(), gateway].map((each) => () => each.stop()));
  }

  /** A tenant that has connected a new account of each CRM at the gateway, both set up. */
  async tenant(): Promise<TenantOfTwo> {
    const { control, app, environment } = this.gateway;
    const tenant = await this.gateway.tenant('personal:read');
    const portal = await control.createHubSpotPortal({ ...app, webhookTargetUrl: `${environment['PUBLIC_URL'] ?? ''}/webhooks/hubspot`, searchDelayMs: 0 });
    const org = await control.createSalesforceOrg(app);
    const hubSpot = new HubSpotSide(control, portal.portalId, await this.#connect(tenant, 'hubspot', String(portal.portalId)));
    const salesforce = new SalesforceSide(control, org.orgId, await this.#connect(tenant, 'salesforce', org.orgId));
    return new TenantOfTwo(tenant, hubSpot, salesforce, this.gateway.admin);
  }

  async #connect(tenant: Tenant, vendor: 'hubspot' | 'salesforce', account: string): Promise<string> {
    // An organisation of one currency does not tell which one that is.
    const body = { vendor, ...(vendor === 'salesforce' && { settings: { companyCurrency: 'EUR' } }) };
    await this.gateway.consenting(vendor, { account }, () => agree(this.gateway, tenant, body));
    const id = String((await tenant.connections()).find((connection) => connection['vendor'] === vendor)?.['id']);
    await eventually(`the ${vendor} account to be set up`, async () => {
      const { status, body } = await tenant.call('GET', `/v1/connections/${id}/set-up`);
      return status === 200 && z.looseObject({ job: z.looseObject({ state: z.string() }) }).parse(body).job.state === 'succeeded';
    }, 60_000);
    return id;
  }

  async stop(): Promise<void> {
    for (const stop of this.stops) await stop();
  }
}

/** A tenant with a HubSpot portal and a Salesforce org, at the gateway's routes. */
export class TenantOfTwo {
  constructor(readonly tenant: Tenant, readonly hubSpot: HubSpotSide, readonly salesforce: SalesforceSide, private readonly admin: ConnectingGateway['admin']) {}

  /** What is on its way between the accounts. A write whose service was killed is made once more when its lease has run out, also where both hold the same by then. */
  async underWay(): Promise<string[]> {
    const taskOf = (schema: string): string => `SELECT concat_ws(' ', '${schema}', kind, state, attempt, last_error) AS what FROM ${schema}.task WHERE state <> 'dead'`;
    const all = [
      `SELECT concat_ws(' ', 'a write of', object, golden_id, external_id, state, pending) AS what FROM sync.record_link WHERE pending IS NOT NULL`, taskOf('sync'),
      ...['sync', 'crm_hubspot', 'crm_salesforce'].map((schema) => `SELECT concat_ws(' ', '${schema}', 'outbox') AS what FROM ${schema}.outbox`),
      ...['crm_hubspot', 'crm_salesforce'].map((schema) => `${taskOf(schema)} AND kind IN ('crm.write-record', 'crm.fetch-record')`),
    ];
    return (await this.admin.query<Array<{ what: string }>>(all.join(' UNION ALL '))).map(({ what }) => what);
  }

  /** Whether the hub has taken in that a record of an account holds a text in a field, and writes nothing there at present. */
  async isKnown(connectionId: string, externalId: string, field: string, text: string): Promise<boolean> {
    const known = await this.admin.query<unknown[]>(
      `SELECT FROM sync.record_link WHERE connection_id = $1 AND external_id = $2 AND seen -> $3 ->> 'theirs' = $4 AND pending IS NULL`, [connectionId, externalId, field, text]);
    return known.length > 0;
  }

  /** Makes a sync of both accounts, HubSpot first; the accounts are read. @returns its id. */
  async sync(object: CrmObject, changes: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const sides = [this.hubSpot, this.salesforce].map(({ connectionId }) => ({ connectionId, reads: true, writes: true }));
    const { status, body } = await this.tenant.call('POST', '/v1/syncs', { name: `${object}s`, object, sides, pollEverySeconds: 10, ...changes });
    if (status !== 201) throw new Error(`The sync was refused: ${JSON.stringify(body)}`);
    return syncSchemaOfGateway.parse(body).id;
  }

  /** What the gateway answers at an address under the sync's. */
  async ask(syncId: string, path: string): Promise<Record<string, unknown>> {
    return (await this.tenant.call('GET', `/v1/syncs/${syncId}/${path}`)).body;
  }

  /** Maps a field of the tenant's own, or one of the hub's to another field of an account. */
  async map(connectionId: string, object: CrmObject, field: Readonly<Record<string, unknown>>): Promise<void> {
    const address = `/v1/connections/${connectionId}/mappings/${object}`;
    const { version } = z.looseObject({ version: z.int() }).parse((await this.tenant.call('GET', address)).body);
    const { status, body } = await this.tenant.call('PUT', address, { fields: [field] }, { 'if-match': `"mapping-${version}"` });
    if (status !== 200) throw new Error(`The mapping was refused: ${JSON.stringify(body)}`);
  }

  /** Waits for the newest run to end. */
  async ended(syncId: string, { runId }: { readonly runId?: string } = {}): Promise<Run> {
    return eventually('the run to end', async () => {
      // A service that was killed answers again when it is back.
      const runs = z.object({ items: z.array(runSchema) }).safeParse(await this.ask(syncId, 'runs')).data?.items;
      const run = runs?.find(({ id }) => runId === undefined || id === runId);
      return run?.state !== 'running' && run;
    }, 60_000);
  }

  /** Begins to read both accounts completely once more. @returns the run's id. */
  async startRun(syncId: string): Promise<string> {
    return eventually('a run to begin', async () => runSchema.safeParse((await this.tenant.call('POST', `/v1/syncs/${syncId}/runs`)).body).data?.id, 60_000);
  }

  /** Reads both accounts completely once more and waits for the end of that. */
  async reconcile(syncId: string): Promise<Run> {
    return this.ended(syncId, { runId: await this.startRun(syncId) });
  }
}
