import { expect } from '@jest/globals';
import { crmVendorSchema, type ServiceName, type Vendor } from '@crossdock/contracts';
import type { RunningService } from '@crossdock/service-kit';
import { eventually, type TestDatabase } from '@crossdock/test-stack';
import { pino, type Logger } from 'pino';
import type { ConnectingGateway } from '../../apps/gateway/src/connections/connecting-gateway.fixture.ts';

type Tenant = Awaited<ReturnType<ConnectingGateway['tenant']>>;
type Schemas = Parameters<TestDatabase['migrateService']>[1];

/** What a connection lives through differs between vendors in this. */
export interface LivingAccount {
  /** Connects the account, or the connection of this id again. */
  readonly connect: (connectionId?: string) => Promise<void>;
  /** Begins a piece of work for the connection. @returns what it is known by. */
  readonly ask: (connectionId: string) => Promise<string>;
  /** Whether these pieces of work were done, and none in vain. */
  readonly areDone: (asked: readonly string[]) => boolean | Promise<boolean>;
  /** Ends what the connection has been calling with, while the authorisation goes on: tokens run out, keys are exchanged. */
  readonly wearOut: (connectionId: string) => Promise<void>;
  /** Takes the authorisation away at the vendor. */
  readonly revoke: () => Promise<void>;
}

/** How hard the connection is worked while it wears out, and what disconnecting comes to at the vendor. */
export interface Life {
  readonly vendor: Vendor;
  readonly rounds: number;
  readonly askedPerRound: number;
  readonly revocation: 'revoked' | 'not_offered';
  /** The vendor's webhooks bring work although its keys are refused. */
  readonly isToldWithoutKeys?: boolean;
}

/** Starts a service beside the gateway, on the same database, topics and stand-ins. */
export async function startBeside(
  world: ConnectingGateway, name: ServiceName, schemas: Schemas, start: (environment: Record<string, string>, logger: Logger) => Promise<RunningService>,
): Promise<RunningService> {
  return start({ ...world.environment, DATABASE_URL: await world.database.migrateService(name, schemas) }, pino({ level: 'silent' }));
}

/**
 * Leads a connection through its life: connected, worn out under load without work being lost, revoked, in need of a person
 * while work waits, connected again with the work done, and disconnected.
 */
export async function liveThrough(tenant: Tenant, { vendor, rounds, askedPerRound, revocation, isToldWithoutKeys = false }: Life, account: LivingAccount): Promise<void> {
  const comesTo = (id: string, state: string) => eventually(`the ${vendor} connection to be ${state}`, async () => {
    const health = await healthOf(tenant, id);
    return health['state'] === state && health;
  }, 60_000);
  const done = (asked: readonly string[]) => eventually('all that was asked for', () => account.areDone(asked), 90_000);

  await account.connect();
  const [connection] = await tenant.connections();
  const id = String(connection?.['id']);
  await comesTo(id, 'healthy');

  const isLookedAt = crmVendorSchema.safeParse(vendor).success;
  const allowed = isLookedAt ? { mode: 'full', missing: [], probedAt: expect.stringMatching(/Z$/) } : undefined;
  expect((await tenant.call('GET', `/v1/connections/${id}`)).body['capabilities']).toEqual(allowed && expect.objectContaining(allowed));

  const asked: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await account.wearOut(id);
    asked.push(...await Promise.all(Array.from({ length: askedPerRound }, () => account.ask(id))));
  }
  await done(asked);
  expect(await healthOf(tenant, id)).toMatchObject({ state: 'healthy' });

  await account.revoke();
  const waiting = [await account.ask(id), await account.ask(id)];
  expect(await comesTo(id, 'needs_reconnect')).toMatchObject({
    reason: { code: 'authorisation_refused' },
    banner: { severity: 'error', action: { name: 'reconnect', method: 'POST', path: `/v1/connections/${id}/reconnect` } },
  });
  if (!isToldWithoutKeys) expect(await account.areDone(waiting)).toBe(false);

  await account.connect(id);
  await comesTo(id, 'healthy');
  await done(waiting);
  expect(await tenant.connections()).toHaveLength(1);

  await tenant.call('DELETE', `/v1/connections/${id}`);
  await eventually('the end at the vendor', async () => (await tenant.audit()).includes(`connection.revoked ${revocation}`));
  expect(await healthOf(tenant, id)).toMatchObject({ state: 'disconnected' });
}

async function healthOf(tenant: Tenant, id: string): Promise<Record<string, unknown>> {
  return (await tenant.call('GET', `/v1/connections/${id}/health`)).body;
}

/** Agrees on the vendor's page as the person who chooses the account that was set there. */
export async function agree(world: ConnectingGateway, tenant: Tenant, body: Record<string, unknown>, connectionId?: string): Promise<void> {
  const begun = connectionId === undefined ? await tenant.begin(body) : await tenant.begin({}, `/v1/connections/${connectionId}/reconnect`);
  const browser = world.browser();
  expect((await browser.open(await browser.agree(begun))).status).toBe(200);
}
