import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Connections, ReEncryption } from '@crossdock/connections';
import type { ServiceName, Vendor } from '@crossdock/contracts';
import { TenantDatabase } from '@crossdock/tenancy';
import { eventually } from '@crossdock/test-stack';
import type { DataSource } from 'typeorm';
import { SigningKeys } from '../../apps/auth-sso/src/keys/signing-keys.ts';
import { providerSettingsSchema } from '../../apps/auth-sso/src/providers/identity-provider.ts';
import { ProviderRepository } from '../../apps/auth-sso/src/providers/provider.repository.ts';
import { TenantWork } from '../../apps/auth-sso/src/tenant-work.ts';
import { runOps } from '../ops/ops.ts';
import { EveryService } from './every-service.fixture.ts';

const aKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
/** The vault's key as it was, and the one that takes its place. */
const [before, after] = [aKey('before'), aKey('after')];

/** Whose credentials each service opens. */
const openers: ReadonlyArray<readonly [ServiceName, Vendor]> = [
  ['gateway', 'woocommerce'], ['orders', 'woocommerce'], ['shipping', 'shippo'], ['crm-hubspot', 'hubspot'], ['crm-salesforce', 'salesforce'],
  ['crm-pipedrive', 'pipedrive'], ['crm-zoho', 'zoho'], ['crm-dynamics', 'dynamics'],
];
const fields = ['access_token', 'webhook_secret'];
const administrator = 'TEST_VAULT_ADMINISTRATOR';

let every: EveryService;
let admin: DataSource;

beforeAll(async () => {
  every = await EveryService.start({ settings: { VAULT_KEYS: before } });
  admin = await every.database.connectAsAdmin('public');
  process.env[administrator] = every.database.adminUrl;
}, 180_000);

afterAll(async () => {
  Reflect.deleteProperty(process.env, administrator);
  await every.stop();
});

/** What the operators' command says, and its exit status. */
async function keysVault(...args: readonly string[]): Promise<{ readonly status: number; readonly said: string }> {
  const said: string[] = [];
  const status = await runOps(['keys', 'vault', '--database-env', administrator, ...args], { print: (text) => void said.push(text), complain: (text) => void said.push(text) });
  return { status, said: said.join('\n') };
}

/** A tenant with an account at every vendor, an identity provider of its own, and one secret in each place. */
class Sealed {
  readonly #tenantId = randomUUID();
  readonly #connections = new Map<Vendor, string>();
  readonly #clientSecret = randomUUID();
  #providerId = '';

  static async make(): Promise<Sealed> {
    const sealed = new Sealed();
    const gateway = every.service('gateway').app;
    const { store, vault } = gateway.get(Connections);
    await gateway.get(TenantDatabase).transaction(sealed.#tenantId, async (manager) => {
      for (const vendor of new Set(openers.map(([, each]) => each))) {
        const connection = await store.create(manager, { tenantId: sealed.#tenantId, vendor, accountId: randomUUID() });
        sealed.#connections.set(vendor, connection.id);
        for (const field of fields) await vault.put(manager, connection, field, `${field} of ${vendor}`);
      }
    });
    const signOn = every.service('auth-sso').app;
    await admin.query(`INSERT INTO auth_sso.tenant_standing (tenant_id, state, version) VALUES ($1, 'active', 1)`, [sealed.#tenantId]);
    const provider = await signOn.get(TenantWork).run(sealed.#tenantId, (manager) => signOn.get(ProviderRepository).insert(manager, sealed.#tenantId, {
      name: 'Example Inc.', issuer: 'https://login.example.com', clientId: 'crossdock', clientSecret: sealed.#clientSecret,
      settings: providerSettingsSchema.parse({}),
    }));
    sealed.#providerId = provider?.providerId ?? '';
    return sealed;
  }

  /** Opens each secret in every service that has a use for it. */
  async open(): Promise<void> {
    for (const [service, vendor] of openers) {
      const { vault } = every.service(service).app.get(Connections);
      for (const field of fields) {
        const opened = await vault.read(this.#tenantId, this.#connections.get(vendor) ?? '', field);
        expect({ service, opened }).toEqual({ service, opened: `${field} of ${vendor}` });
      }
    }
    const signOn = every.service('auth-sso').app;
    const owner = { tenantId: this.#tenantId, providerId: this.#providerId };
    expect(await signOn.get(TenantWork).run(this.#tenantId, (manager) => signOn.get(ProviderRepository).clientSecret(manager, owner))).toBe(this.#clientSecret);
    expect(signOn.get(SigningKeys).current().privateJwk).toMatchObject({ kty: 'EC' });
  }
}

/** What the gateway does every five minutes, for all tenants. */
async function resealTenants(): Promise<void> {
  const work = every.service('gateway').app.get(ReEncryption);
  for (const tenantId of await work.findTenants(100)) expect(await work.reseal(tenantId, AbortSignal.timeout(60_000))).toMatchObject({ unreadable: 0 });
}

describe('an exchange of the vault’s key', () => {
  it('brings what every service has sealed under the new key, all of which opens as ever, and then nothing needs the old one', async () => {
    const sealed = await Sealed.make();
    const published = every.service('auth-sso').app.get(SigningKeys).published();
    expect(await keysVault('--retire', 'before')).toEqual({ status: 1, said: expect.stringContaining('still need the key before') });

    await every.restart({ VAULT_KEYS: `${after},${before}` });
    await sealed.open();
    await resealTenants();
    await sealed.open();
    // A data key that was replaced is kept for an hour.
    await admin.query(`UPDATE connections.data_key SET replaced_at = replaced_at - interval '2 hours'`);
    await resealTenants();
    const told = await eventually('nothing to need the old key', async () => {
      const answer = await keysVault('--retire', 'before');
      return answer.status === 0 && answer;
    });
    expect(told.said).toContain('Nothing needs the key before');
    for (const table of ['auth_sso.identity_provider', 'auth_sso.signing_key', 'connections.data_key']) expect(told.said).toMatch(new RegExp(`^after +${table} +\\d+$`, 'm'));

    await every.restart({ VAULT_KEYS: after });
    await sealed.open();
    expect(every.service('auth-sso').app.get(SigningKeys).published()).toEqual(published);
  }, 300_000);

  it('is watched in every table that names a key', async () => {
    const columns = await admin.query<Array<{ name: string }>>(
      `SELECT table_schema || '.' || table_name AS name FROM information_schema.columns WHERE column_name IN ('vault_key_id', 'wrapping_key_id') ORDER BY 1`);
    // Sign-ons under way and files that wait for their download are gone by themselves.
    expect(columns.map(({ name }) => name)).toEqual(['auth_sso.identity_provider', 'auth_sso.provider_dialogue', 'auth_sso.signing_key', 'connections.data_key', 'privacy.person_request']);
  });
});
