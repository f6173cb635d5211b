import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { clientsFileSetting } from './client-registry.ts';
import { newClient, tenantA } from './client.fixture.ts';

describe('the clients file', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clients-'));
    path = join(folder, 'clients.json');
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function faultOf(content: unknown): Promise<string | undefined> {
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    const result = clientsFileSetting.safeParse(path);
    expect(result.error?.issues.length ?? 0).toBeLessThanOrEqual(1);
    return result.error?.issues[0]?.message;
  }

  it('names the services that may get tokens', async () => {
    const { client } = await newClient({ tenants: [tenantA.toUpperCase()], scopes: ['orders:read'] });
    await writeFile(path, JSON.stringify([client]));
    const registry = clientsFileSetting.parse(path);
    expect(registry.find('gateway')).toEqual({ ...client, tenants: [tenantA] });
    expect(registry.find('orders')).toBeUndefined();
  });

  it('is named in one line where it is missing or no JSON', async () => {
    expect(clientsFileSetting.safeParse(path).error?.issues[0]?.message).toBe(`The clients file ${path} cannot be read`);
    expect(await faultOf('{')).toBe(`The clients file ${path} is not JSON`);
  });

  it('says in one line where it is wrong, and never quotes a value', async () => {
    const { client, privateJwk } = await newClient();
    const faults: Array<[unknown, string]> = [
      [{}, 'the list'],
      [[client, client], 'the list'],
      [[{ ...client, clientId: '../etc' }], '0.clientId'],
      [[client, { ...client, clientId: 'other', audiences: ['everybody'] }], '1.audiences.0'],
      [[{ ...client, scopes: [] }], '0.scopes'],
      [[{ ...client, scopes: ['a b'] }], '0.scopes.0'],
      [[{ ...client, tenants: 'all' }], '0.tenants'],
      [[{ ...client, tenants: [tenantA] }], '0.scopes'],
      [[{ ...client, publicJwk: { ...client.publicJwk, crv: 'secp256k1' } }], '0.publicJwk.crv'],
      [[{ ...client, note: 'unknown' }], '0'],
    ];
    for (const [content, place] of faults) {
      const fault = await faultOf(content);
      expect(fault).toContain(`The clients file ${path} is wrong at ${place}: `);
      expect(fault).not.toContain('\n');
    }
    const withPrivateKey = await faultOf([{ ...client, publicJwk: privateJwk }]);
    expect(withPrivateKey).toContain('wrong at 0.publicJwk: ');
    expect(withPrivateKey).not.toContain(privateJwk.d);
  });
});
