import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { privateKeySchema, ServiceTokenClient, tenantHeader } from '@crossdock/service-tokens';
import type { ReachableSystem } from '../running-system.ts';

const tenantSchema = z.object({ id: z.uuid(), slug: z.string() });
const connectionSchema = z.object({ id: z.uuid(), vendor: z.string(), state: z.string() });

const orderSchema = z.object({
  id: z.uuid(),
  status: z.string(),
  version: z.number(),
  crmOrderId: z.string().optional(),
  crm: z.object({ state: z.string(), contactId: z.string().optional(), dealStatus: z.string().optional() }),
  order: z.object({ number: z.string(), total: z.object({ amountMinor: z.number(), currency: z.string() }) }),
});
export type OrderAnswer = z.infer<typeof orderSchema>;

const shipmentSchema = z.object({
  id: z.uuid(), status: z.string(), carrier: z.string().optional(), trackingNumber: z.string().optional(),
});
export type ShipmentAnswer = z.infer<typeof shipmentSchema>;

const sampleReportSchema = z.object({
  shipmentId: z.uuid(),
  model: z.string(),
  totals: z.array(z.object({ amountMinor: z.number(), currency: z.string() })),
  credits: z.array(z.object({ dealId: z.string(), amountMinor: z.number(), currency: z.string(), share: z.number() })),
});
export type SampleReport = z.infer<typeof sampleReportSchema>;

const revenueReportSchema = z.object({
  rows: z.array(z.object({
    key: z.string().nullable(),
    credits: z.array(z.object({ model: z.string(), revenue: z.array(z.object({ amountMinor: z.number(), currency: z.string() })) })),
  })),
});
export type RevenueReport = z.infer<typeof revenueReportSchema>;

const lineageSchema = z.object({
  items: z.array(z.object({ kind: z.enum(['webhook', 'event', 'decision', 'vendor_call']), at: z.string(), vendor: z.string().optional(), service: z.string().optional() })),
  now: z.object({ orders: z.array(z.object({ status: z.string(), waitsFor: z.array(z.unknown()) })), openWork: z.array(z.object({ kind: z.string(), state: z.string() })) }),
});
export type LineageAnswer = z.infer<typeof lineageSchema>;

export interface NewConnection {
  readonly vendor: string;
  readonly accountId: string;
  readonly endpoint?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly credentials: Readonly<Record<string, string>>;
}

const providerSchema = z.object({ providerId: z.uuid(), name: z.string(), redirectUri: z.string() });
const setUpSchema = z.object({ job: z.object({ state: z.string() }) });
const syncSchema = z.object({ id: z.uuid(), state: z.string() });

const graphAnswerSchema = z.object({ data: z.unknown(), errors: z.array(z.object({ message: z.string() })).optional() });

const patienceMs = 20_000;
const pauseMs = 100;

/** The gateway as a caller with a service token sees it. */
export class GatewayApi {
  readonly #url: string;
  readonly #tokens: ServiceTokenClient;

  constructor(url: string, tokens: ServiceTokenClient) {
    this.#url = url;
    this.#tokens = tokens;
  }

  static async forDemo({ gatewayUrl, authIssuerUrl, demoClient }: ReachableSystem): Promise<GatewayApi> {
    const privateJwk = privateKeySchema.parse(JSON.parse(await readFile(demoClient.keyFile, 'utf8')));
    return new GatewayApi(gatewayUrl, new ServiceTokenClient({ issuerUrl: authIssuerUrl, clientId: demoClient.clientId, privateJwk }));
  }

  async createTenant(slug: string, name: string): Promise<string> {
    return tenantSchema.parse(await this.#call('POST', '/v1/tenants', { body: { slug, name } })).id;
  }

  /** Gives a domain to a tenant, at which its people sign on. */
  async giveDomain(tenantId: string, domain: string): Promise<void> {
    await this.#call('PUT', `/v1/tenants/${tenantId}/domains/${domain}`, {});
  }

  /** Lets people of a tenant sign on by an identity provider, as the gateway's route takes it. @returns where the provider is to send them back to. */
  async addIdentityProvider(tenantId: string, provider: Readonly<Record<string, unknown>>): Promise<string> {
    return providerSchema.parse(await this.#call('POST', '/v1/identity/providers', { tenantId, body: provider })).redirectUri;
  }

  /** Removes those identity providers of a tenant that bear a name. */
  async removeIdentityProviders(tenantId: string, name: string): Promise<void> {
    const { items } = z.object({ items: z.array(providerSchema) }).parse(await this.#call('GET', '/v1/identity/providers', { tenantId }));
    for (const provider of items) if (provider.name === name) await this.#call('DELETE', `/v1/identity/providers/${provider.providerId}`, { tenantId });
  }

  /** Ends all sessions of all people of a tenant. */
  async endSessions(tenantId: string): Promise<void> {
    const { items } = z.object({ items: z.array(z.object({ personId: z.uuid() })) }).parse(await this.#call('GET', '/v1/identity/people', { tenantId }));
    for (const { personId } of items) await this.#call('DELETE', `/v1/identity/people/${personId}/sessions`, { tenantId });
  }

  async createConnection(tenantId: string, connection: NewConnection): Promise<string> {
    return connectionSchema.parse(await this.#call('POST', '/v1/connections', { tenantId, body: connection })).id;
  }

  /** The accounts of a tenant. */
  async connections(tenantId: string): Promise<ReadonlyArray<{ readonly id: string; readonly vendor: string }>> {
    return z.object({ items: z.array(connectionSchema) }).parse(await this.#call('GET', '/v1/connections', { tenantId })).items;
  }

  /** Whether an account has all that the hub needs there. */
  async isSetUp(tenantId: string, connectionId: string): Promise<boolean> {
    return setUpSchema.parse(await this.#call('GET', `/v1/connections/${connectionId}/set-up`, { tenantId })).job.state === 'succeeded';
  }

  /** Keeps records of two or more accounts in step, as the gateway's route takes it. @returns its id. */
  async createSync(tenantId: string, sync: Readonly<Record<string, unknown>>): Promise<string> {
    return syncSchema.parse(await this.#call('POST', '/v1/syncs', { tenantId, body: sync })).id;
  }

  /** The order of a shop, once the hub knows it. */
  async findOrder(tenantId: string, connectionId: string, externalId: string): Promise<OrderAnswer | undefined> {
    const query = new URLSearchParams({ connectionId, externalId });
    const page = z.object({ items: z.array(orderSchema) }).parse(await this.#call('GET', `/v1/orders?${query.toString()}`, { tenantId }));
    return page.items[0];
  }

  async requestShipment(tenantId: string, idempotencyKey: string, shipment: unknown): Promise<ShipmentAnswer> {
    return shipmentSchema.parse(await this.#call('POST', '/v1/shipments', { tenantId, body: shipment, idempotencyKey }));
  }

  async findShipment(tenantId: string, id: string): Promise<ShipmentAnswer> {
    return shipmentSchema.parse(await this.#call('GET', `/v1/shipments/${id}`, { tenantId }));
  }

  async sampleReport(tenantId: string, shipmentId: string): Promise<SampleReport> {
    return sampleReportSchema.parse(await this.#call('GET', `/v1/attribution/samples/${shipmentId}`, { tenantId }));
  }

  async tellTouches(tenantId: string, touches: readonly unknown[]): Promise<void> {
    await this.#call('POST', '/v1/attribution/touches', { tenantId, body: { touches } });
  }

  /** Every model's revenue by channel. */
  async revenueReport(tenantId: string): Promise<RevenueReport> {
    return revenueReportSchema.parse(await this.#call('GET', '/v1/attribution/report', { tenantId }));
  }

  /** All that happened to a record, and what it waits for now. @param record an order’s id, for example */
  async lineage(tenantId: string, record: string): Promise<LineageAnswer> {
    return lineageSchema.parse(await this.#call('GET', `/v1/lineage?${new URLSearchParams({ record, limit: '1000' }).toString()}`, { tenantId }));
  }

  /** Asks the graph. @throws Error with what it says is wrong. */
  async ask(tenantId: string, query: string): Promise<unknown> {
    const { data, errors } = graphAnswerSchema.parse(await this.#call('POST', '/v1/graphql', { tenantId, body: { query } }));
    if (errors) throw new Error(`The graph answered: ${errors.map(({ message }) => message).join('; ')}`);
    return data;
  }

  async #call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string,
    { tenantId, body, idempotencyKey }: { readonly tenantId?: string; readonly body?: unknown; readonly idempotencyKey?: string },
  ): Promise<unknown> {
    const response = await this.#send(path, async () => ({
      method,
      headers: {
        authorization: `Bearer ${await this.#tokens.token('gateway')}`,
        ...(tenantId !== undefined && { [tenantHeader]: tenantId }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }));
    const text = await response.text();
    if (!response.ok) throw new GatewayRefusal(response.status, `${method} ${path} was answered ${response.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Sends again while the gateway or a service behind it is away, as every good caller does; all calls here may be repeated. */
  async #send(path: string, request: () => Promise<RequestInit>): Promise<Response> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const response = await request().then((init) => fetch(`${this.#url}${path}`, init)).catch((error: unknown) => {
        if (Date.now() > deadline) throw error;
        return undefined;
      });
      if (response && (response.status !== 503 || Date.now() > deadline)) return response;
      await response?.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/** An answer of the gateway that is no success. */
export class GatewayRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'GatewayRefusal';
    this.status = status;
  }
}
