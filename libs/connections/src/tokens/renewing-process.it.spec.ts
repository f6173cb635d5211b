import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { eventually } from '@crossdock/test-stack';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Connection } from '../connection.ts';
import { ConnectionsWorld } from '../connections.fixture.ts';

const endSchema = z.object({ vendorCalls: z.int(), ends: z.array(z.string()) });

let world: ConnectionsWorld;
let sandbox: Sandbox;
let control: SandboxControl;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  [world, sandbox] = await Promise.all([ConnectionsWorld.open(), startSandbox({ port: 0 })]);
  control = new SandboxControl(sandbox.url);
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});
afterAll(async () => {
  await sandbox.stop();
  await world.close();
});

/** A connected Salesforce organisation, whose refresh tokens work once or for ever. */
async function organisation({ rotateRefreshTokens }: { readonly rotateRefreshTokens: boolean }) {
  const org = await control.createSalesforceOrg({ rotateRefreshTokens });
  const connection = await world.connect({ vendor: 'salesforce', accountId: org.orgId, endpoint: org.instanceUrl });
  await world.database.transaction(connection.tenantId, (manager) =>
    world.connections().tokens.keep(manager, connection, { accessToken: org.accessToken, refreshToken: org.refreshToken }));
  const login = `${sandbox.url}/salesforce`;
  return {
    connection,
    start: (more: { readonly callers?: number; readonly stopsAfterAnswer?: boolean } = {}) => startProcess({
      url: world.url, vaultKeys: world.vaultKeys, tenantId: connection.tenantId, connectionId: connection.id, refusedToken: org.accessToken,
      callers: 1, renewalTimeoutMs: 1_500, stopsAfterAnswer: false, ...more,
      salesforce: {
        salesforceLoginUrl: login, salesforceSandboxLoginUrl: login, salesforceMyDomainUrl: `${login}?{domain}`,
        salesforceClientId: org.clientId, salesforceClientSecret: org.clientSecret,
      },
    }),
  };
}

/** Starts a process and waits until it has everything but the word to go. */
async function startProcess(order: object) {
  const child = spawn(process.execPath, ['--conditions=source', new URL('renewing-process.fixture.ts', import.meta.url).pathname, JSON.stringify(order)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  running.add(child);
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const line = (what: string) => eventually(`a process to say "${what}"`, () => lines.find((text) => text.includes(what)), 60_000);
  await line('ready');
  return {
    go: () => child.stdin.write('go\n'),
    said: line,
    end: async () => endSchema.parse(JSON.parse(await line('vendorCalls'))),
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

const stateOf = async ({ tenantId, id }: Connection): Promise<Connection | undefined> => world.connections().store.find(tenantId, id);

describe('processes that renew one connection', () => {
  it('ask the vendor once, three of them with seventeen callers each, and all have its token', async () => {
    const { connection, start } = await organisation({ rotateRefreshTokens: true });
    const processes = await Promise.all(Array.from({ length: 3 }, () => start({ callers: 17 })));
    for (const each of processes) each.go();
    const ends = await Promise.all(processes.map((each) => each.end()));
    expect(ends.reduce((sum, { vendorCalls }) => sum + vendorCalls, 0)).toBe(1);
    const tokens = new Set(ends.flatMap((end) => end.ends));
    expect(tokens.size).toBe(1);
    expect([...tokens][0]).toBe(await world.connections().tokens.get(connection));
    expect(await stateOf(connection)).toMatchObject({ state: 'healthy' });
  }, 120_000);

  it('go on after one is killed between the vendor’s answer and keeping it, where refresh tokens stay the same', async () => {
    const { connection, start } = await organisation({ rotateRefreshTokens: false });
    const [killed, next] = [await start({ stopsAfterAnswer: true }), await start()];
    killed.go();
    await killed.said('answered');
    await killed.kill();
    next.go();
    const { vendorCalls, ends } = await next.end();
    expect(vendorCalls).toBe(1);
    expect(ends[0]).toBe(await world.connections().tokens.get(connection));
    expect(await stateOf(connection)).toMatchObject({ state: 'healthy' });
  });

  it('say what was lost when one is killed there and the vendor takes a refresh token only once', async () => {
    const { connection, start } = await organisation({ rotateRefreshTokens: true });
    const [killed, next] = [await start({ stopsAfterAnswer: true }), await start()];
    killed.go();
    await killed.said('answered');
    await killed.kill();
    next.go();
    expect((await next.end()).ends[0]).toContain('was cut off');
    expect(await stateOf(connection)).toMatchObject({
      state: 'needs_reconnect', stateCode: 'renewal_lost', stateReason: expect.stringContaining('connect the account again'),
    });
    expect(await world.saidOf(connection.id)).toMatchObject([{ data: { reason: { code: 'renewal_lost' } } }]);
  });
});
