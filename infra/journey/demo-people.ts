import { installationId } from '@crossdock/contracts';
import type { SandboxControl } from '@crossdock/sandbox';
import type { ReachableSystem } from '../running-system.ts';
import type { GatewayApi } from './gateway-api.ts';

/** The people whom the sandbox's identity provider knows: two administrators of a tenant, and an operator of the installation. */
export const demoPeople = {
  ada: { name: 'Ada', email: 'ada@example.com' },
  grace: { name: 'Grace', email: 'grace@example.com' },
  hopper: { name: 'Grace Hopper', email: 'hopper@example.com', groups: ['hub-operators'] },
} as const;
export type DemoPerson = keyof typeof demoPeople;

const providerName = 'Sandbox';
const operatorsDomain = 'operators.localhost';

interface Parts {
  readonly running: ReachableSystem;
  readonly gateway: GatewayApi;
  readonly sandbox: SandboxControl;
}

/** Lets the people of a tenant sign on, each as its administrator. @returns the origin of the tenant's console. */
export async function admitAdministrators(parts: Parts, tenantId: string, domain: string): Promise<string> {
  return admit(parts, { tenantId, domain, settings: { defaultRole: 'admin', scopes: ['email', 'profile'] } });
}

/** Lets operators sign on to the installation. @returns the origin of their console. */
export async function admitOperators(parts: Parts): Promise<string> {
  return admit(parts, {
    tenantId: installationId, domain: operatorsDomain,
    settings: { roleClaim: 'groups', roleOfValue: { 'hub-operators': 'editor' }, scopes: ['email', 'profile', 'groups'] },
  });
}

async function admit(
  { running, gateway, sandbox }: Parts,
  { tenantId, domain, settings }: { readonly tenantId: string; readonly domain: string; readonly settings: Readonly<Record<string, unknown>> },
): Promise<string> {
  for (const [login, person] of Object.entries(demoPeople)) await sandbox.putOpenIdPerson(login, { ...person, groups: 'groups' in person ? [...person.groups] : [] });
  await gateway.giveDomain(tenantId, domain);
  // The sandbox forgets its applications when it ends: what an earlier start entered is of no use any more.
  await gateway.removeIdentityProviders(tenantId, providerName);
  const { issuer, clientId, clientSecret } = await sandbox.registerOpenIdApplication();
  const redirectUri = await gateway.addIdentityProvider(tenantId, {
    name: providerName, issuer, clientId, clientSecret, settings: { newPeople: 'create', emailDomains: ['example.com'], ...settings },
  });
  await sandbox.setOpenIdRedirects(clientId, [redirectUri]);
  return `http://${domain}:${new URL(running.gatewayUrl).port}`;
}
