import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { ConnectionStore } from '@crossdock/connections';
import { accessTokenType } from '@crossdock/service-tokens';
import { TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, createTestTopics, freePort } from '@crossdock/test-stack';
import type { BenchContext, Benchmark, Figure, Measurement } from './bench.ts';
import { ratioFigure, valueFigure } from './figures.ts';
import { postRequest, sendAgainAndAgain } from './load/same-request.ts';
import { measureUsageOf } from './process-usage.ts';
import { BenchProcesses } from './servers/bench-process.ts';
import { startGateway } from './servers/gateway.ts';

const connections = 32;
const tenantId = randomUUID();
/** How much later the slowest hundredth of answers may come than a bare proxy's. */
const mostAddedMs = 5;

/** Look-ups of a contact by a caller with an access token, through one gateway process and from its memory, beside a proxy that does nothing but ask. */
export const benchmark: Benchmark = {
  name: 'gateway',
  async run(context) {
    const [database, topics] = [await createTestDatabase(), await createTestTopics()];
    const processes = new BenchProcesses();
    try {
      const { publicJwk, sign } = await newIssuer();
      const upstream = await startServer(processes, 'look-up-upstream', { PUBLIC_JWK: JSON.stringify(publicJwk) });
      const upstreamUrl = `http://127.0.0.1:${upstream.port}`;
      const proxy = await startServer(processes, 'look-up-proxy', { UPSTREAM_URL: upstreamUrl });
      const gateway = await startGateway({
        processes, database, topics, redisUrl: context.servers.redisUrl, secret: 'unused', shops: 0,
        environment: { AUTH_ISSUER_URL: upstreamUrl, CRM_HUBSPOT_URL: upstreamUrl, CALLER_REQUESTS_PER_MINUTE: '1000000' },
      });
      const books = new TenantDatabase(await database.connect(gateway.databaseUrl, 'gateway'));
      const account = await books.transaction(tenantId, (manager) =>
        new ConnectionStore(books).create(manager, { tenantId, vendor: 'hubspot', accountId: '4711', state: 'healthy' }));
      return await measureAll(context, { proxy, gateway }, { path: `/v1/connections/${account.id}/records/contact/search`, token: await sign(upstreamUrl) });
    } finally {
      await processes.stopAll();
      await topics.drop();
      await database.drop();
    }
  },
};

interface Server {
  readonly pid: number;
  readonly port: number;
}

async function measureAll(context: BenchContext, { proxy, gateway }: { readonly proxy: Server; readonly gateway: Server }, { path, token }: { readonly path: string; readonly token: string }): Promise<Figure[]> {
  const lookUp = async ({ pid, port }: Server, query = ''): Promise<Measurement> => {
    const usage = measureUsageOf(pid);
    const request = postRequest({ path: path + query, headers: { authorization: `Bearer ${token}` }, body: { field: 'email', values: ['ada@example.com'] } });
    const measurement = await sendAgainAndAgain(request, { port, connections, seconds: context.seconds });
    const used = usage();
    return { ...measurement, ...(used && { usage: used }) };
  };
  const results = await context.measure({
    'bare proxy': async () => await lookUp(proxy),
    'gateway, through to the account': async () => await lookUp(gateway),
    'gateway, from memory': async () => await lookUp(gateway, '?maxAgeSeconds=600'),
  });
  const [bare, through, remembered] = [results['bare proxy'], results['gateway, through to the account'], results['gateway, from memory']];
  context.say(`${connections} connections; the service behind answers at once, and shares the cores with the load and the server that is measured.`);
  return [
    ratioFigure({ name: 'lookup-vs-proxy', unit: 'requests/s', value: through.perSecond, baseline: bare.perSecond, goal: 0.6 }),
    ratioFigure({ name: 'remembered-lookup-vs-proxy', unit: 'requests/s', value: remembered.perSecond, baseline: bare.perSecond, goal: 0.6 }),
    valueFigure({
      name: 'lookup-p99-ms', unit: 'ms', value: through.p99Ms ?? Number.NaN, baseline: bare.p99Ms ?? Number.NaN, goal: (bare.p99Ms ?? Number.NaN) + mostAddedMs, lowerIsBetter: true,
    }),
  ];
}

async function startServer(processes: BenchProcesses, name: 'look-up-upstream' | 'look-up-proxy', environment: Readonly<Record<string, string>>): Promise<Server> {
  const port = await freePort();
  const args = [new URL(`./servers/${name}.ts`, import.meta.url).pathname];
  const pid = await processes.start({ name, args, environment: { NODE_ENV: 'production', PORT: String(port), ...environment }, readyUrl: `http://127.0.0.1:${port}/` });
  return { pid, port };
}

/** Signs as the issuer of access tokens does. */
async function newIssuer() {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const publicJwk = { ...await exportJWK(publicKey), kid: 'bench', alg: 'ES256', use: 'sig' };
  const sign = async (issuer: string): Promise<string> => await new SignJWT({ scope: 'records:read personal:read', tenant: tenantId })
    .setProtectedHeader({ alg: 'ES256', typ: accessTokenType, kid: 'bench' })
    .setIssuer(issuer).setAudience('gateway').setSubject('bench').setJti(randomUUID()).setIssuedAt().setExpirationTime('1h').sign(privateKey);
  return { publicJwk, sign };
}
