import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { privateKeySchema, publicPartOf } from '@crossdock/service-tokens';
import { newKey } from '@crossdock/service-tokens/issuer.fixture';
import { ClientRegistry } from '../../apps/auth-sso/src/clients/client-registry.ts';
import { runOps } from './ops.ts';

let folder: string;
let clients: string;
let out: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'client-key-'));
  [clients, out] = [join(folder, 'clients.json'), join(folder, 'key.json')];
  const entries = await Promise.all(['gateway', 'demo'].map(async (clientId) => ({
    clientId, publicJwk: publicPartOf(await newKey(clientId)), scopes: ['orders:read'], audiences: ['orders'], tenants: 'any',
  })));
  writeFileSync(clients, JSON.stringify(entries));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function ops(...args: readonly string[]): Promise<{ status: number; printed: string; complaints: string }> {
  const printed: string[] = [];
  const complaints: string[] = [];
  const status = await runOps(['keys', 'client', ...args, '--clients', clients], { print: (text) => void printed.push(text), complain: (text) => void complaints.push(text) });
  return { status, printed: printed.join('\n'), complaints: complaints.join('\n') };
}

/** As auth-sso reads the list. */
const registered = (clientId: string) => ClientRegistry.fromFile(clients).find(clientId);

describe('npm run ops -- keys client', () => {
  it('exchanges a client’s key in two steps, between which auth-sso takes the old one and the new one, and touches no other client', async () => {
    const [before, other] = [registered('gateway'), registered('demo')];
    expect(await ops('gateway', '--out', out, '--yes')).toMatchObject({ status: 0, printed: expect.stringContaining('Roll auth-sso out') });
    const key = privateKeySchema.parse(JSON.parse(readFileSync(out, 'utf8')));
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(registered('gateway')).toEqual({ ...before, publicJwk: publicPartOf(key), previousPublicJwk: before?.publicJwk });
    expect(readFileSync(clients, 'utf8')).not.toContain(key.d);

    expect(await ops('gateway', '--finish', '--yes')).toMatchObject({ status: 0 });
    expect(registered('gateway')).toEqual({ ...before, publicJwk: publicPartOf(key) });
    expect(registered('demo')).toEqual(other);
  });

  it('changes nothing without --yes', async () => {
    const before = readFileSync(clients, 'utf8');
    expect(await ops('gateway', '--out', out)).toMatchObject({ status: 0, printed: expect.stringContaining('With --yes') });
    expect(readFileSync(clients, 'utf8')).toBe(before);
    expect(() => statSync(out)).toThrow('ENOENT');
  });

  it('begins no second exchange before the first is finished, and finishes none that was not begun', async () => {
    expect(await ops('gateway', '--finish', '--yes')).toMatchObject({ status: 1, complaints: expect.stringContaining('nothing to finish') });
    await ops('gateway', '--out', out, '--yes');
    expect(await ops('gateway', '--out', join(folder, 'another.json'), '--yes')).toMatchObject({ status: 1, complaints: expect.stringContaining('two keys already') });
  });

  it.each<[string, readonly string[], RegExp]>([
    ['nobody', ['nobody', '--out', 'x'], /no client nobody/],
    ['neither step', ['gateway'], /--finish/],
    ['both steps', ['gateway', '--out', 'x', '--finish'], /either/],
  ])('asks for a client and a step: %s', async (_what, args, sentence) => {
    expect(await ops(...args, '--yes')).toMatchObject({ status: 1, complaints: expect.stringMatching(sentence) });
  });

  it('overwrites no private key', async () => {
    writeFileSync(out, 'kept');
    expect(await ops('gateway', '--out', out, '--yes')).toMatchObject({ status: 1, complaints: expect.stringContaining('there already') });
    expect(readFileSync(out, 'utf8')).toBe('kept');
  });
});
