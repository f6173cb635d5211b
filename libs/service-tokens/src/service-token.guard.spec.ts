import { installationId } from '@crossdock/contracts';
import { Controller, Get, Logger, Module, Post, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tenantContext, type TenantScope } from '@crossdock/tenancy';
import { Public, RequireOperatorScope, RequireScope } from './access-rule.ts';
import type { TenantStanding } from './caller-directory.ts';
import { CallerResolver } from './caller-resolver.ts';
import { callerOf, type Principal } from './caller.ts';
import { startIssuer, type IssuerFixture, type TokenParts } from './issuer.fixture.ts';
import { ServiceTokensModule } from './service-tokens.module.ts';
import { routesWithoutRule } from './unruled-routes.ts';

const tenantA = '018f3f5e-7c1a-7d1e-9a55-000000000001';
const tenantB = '018f3f5e-7c1a-7d1e-9a55-000000000002';
const correlationId = '018f3f5e-7c1a-7d1e-9a55-0000000000cc';

@Controller('v1/orders')
class OrderRoutes {
  @Get()
  @RequireScope('orders:read')
  async scope(): Promise<TenantScope | undefined> {
    await Promise.resolve();
    return tenantContext.current();
  }

  @Post()
  @RequireScope('orders:read', 'orders:write')
  write(): string {
    return 'written';
  }

  @Get('open')
  @Public()
  open(): { tenant: TenantScope | null } {
    return { tenant: tenantContext.current() ?? null };
  }

  @Get('caller')
  @RequireScope('orders:read')
  caller(@Req() request: FastifyRequest): unknown {
    const caller = callerOf(request);
    return caller && { kind: caller.kind, clientId: caller.clientId, tenantId: caller.tenantId };
  }

  @Get('installation')
  @RequireOperatorScope('operations:read')
  installation(): string {
    return 'reached';
  }

  @Get('forgotten')
  forgotten(): string {
    return 'reached';
  }
}

describe('the guard of service tokens', () => {
  let issuer: IssuerFixture;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    issuer = await startIssuer();

    @Module({
      imports: [ServiceTokensModule.forService({ name: 'orders', issuerUrl: issuer.url })],
      controllers: [OrderRoutes],
    })
    class OrdersModule {}

    Logger.overrideLogger(false);
    app = await NestFactory.create<NestFastifyApplication>(OrdersModule, new FastifyAdapter());
    await app.listen(0, '127.0.0.1');
  });

  afterAll(async () => {
    await app.close();
    await issuer.stop();
  });

  async function call(options: { token?: TokenParts; authorization?: string; tenant?: string; method?: 'GET' | 'POST'; path?: string } = {}) {
    const authorization = options.authorization ?? (options.token && `Bearer ${await issuer.sign(options.token)}`);
    const response = await fetch(`${await app.getUrl()}${options.path ?? '/v1/orders'}`, {
      method: options.method ?? 'GET',
      headers: {
        'x-correlation-id': correlationId,
        ...(authorization !== undefined && { authorization }),
        ...(options.tenant !== undefined && { 'x-crossdock-tenant': options.tenant }),
      },
    });
    return { status: response.status, body: await response.text(), challenge: response.headers.get('www-authenticate') };
  }

  it('runs the handler inside the tenant that a client for any tenant names', async () => {
    const { status, body } = await call({ token: {}, tenant: tenantB });
    expect([status, body]).toEqual([200, JSON.stringify({ tenantId: tenantB, correlationId })]);
  });

  it('runs the handler inside the tenant the token is bound to', async () => {
    const { status, body } = await call({ token: { claims: { tenant: tenantA, scope: 'orders:read' } } });
    expect([status, body]).toEqual([200, JSON.stringify({ tenantId: tenantA, correlationId })]);
  });

  it('refuses a token bound to one tenant where the header names another, even to a client for any tenant', async () => {
    for (const scope of ['orders:read', 'orders:read tenant:any']) {
      const { status, body } = await call({ token: { claims: { tenant: tenantA, scope } }, tenant: tenantB });
      expect(status).toBe(403);
      expect(body).toContain('bound to another tenant');
    }
  });

  it('refuses to take the tenant from the header where the client may not choose', async () => {
    expect((await call({ token: { claims: { scope: 'orders:read' } }, tenant: tenantB })).status).toBe(403);
  });

  it('asks a client for any tenant to name one, by one UUID', async () => {
    expect((await call({ token: {} })).status).toBe(400);
    expect((await call({ token: {}, tenant: `${tenantA}, ${tenantB}` })).status).toBe(400);
  });

  it('answers 401 with a challenge where there is no token, and says more where it is wrong', async () => {
    expect(await call({ tenant: tenantA })).toMatchObject({ status: 401, challenge: 'Bearer realm="crossdock"' });
    for (const authorization of ['', 'Bearer', 'Bearer ', 'Basic Z2F0ZXdheTo=', 'Bearer a b', `Bearer ${'a'.repeat(9_000)}`]) {
      expect(await call({ authorization, tenant: tenantA })).toMatchObject({
        status: 401, challenge: expect.stringMatching(/^Bearer realm="crossdock", error="invalid_token"/),
      });
    }
  });

  it('refuses an expired token and one for another service with 401', async () => {
    expect((await call({ token: { expiresInSeconds: -60 }, tenant: tenantA })).status).toBe(401);
    expect((await call({ token: { claims: { aud: 'shipping' } }, tenant: tenantA })).status).toBe(401);
  });

  it('answers 403 naming the scope that is missing, where every one is required', async () => {
    const refused = await call({ method: 'POST', token: {}, tenant: tenantA });
    expect(refused).toMatchObject({
      status: 403, challenge: 'Bearer realm="crossdock", error="insufficient_scope", scope="orders:read orders:write"',
    });
    expect(refused.body).toContain('lacks the scope orders:write');
    const granted = await call({ method: 'POST', token: { claims: { scope: 'orders:write orders:read tenant:any' } }, tenant: tenantA });
    expect(granted.status).toBe(201);
  });

  it('takes a scope as a whole word, never as a part of another', async () => {
    expect((await call({ token: { claims: { scope: 'orders:readall tenant:any' } }, tenant: tenantA })).status).toBe(403);
  });

  it('lets everybody use a public route, without a tenant', async () => {
    expect(await call({ path: '/v1/orders/open', tenant: tenantA })).toMatchObject({ status: 200, body: '{"tenant":null}' });
  });

  it('refuses a route without a rule, even to the bearer of a good token, and names it for the build', async () => {
    expect((await call({ path: '/v1/orders/forgotten', token: {}, tenant: tenantA })).status).toBe(403);
    expect(routesWithoutRule(app)).toEqual(['OrderRoutes.forgotten']);
  });
});

describe('the guard at the edge, where more is known of callers than their tokens say', () => {
  const sessionId = '018f3f5e-7c1a-7d1e-9a55-0000000000aa';
  const keyOfA = 'crossdock_abc_def';
  const owner: Principal = { kind: 'api_key', clientId: 'api-key/1', tenantId: tenantA, scopes: new Set(['orders:read']) };
  const standings = new Map<string, TenantStanding>();
  const endedSessions = new Set<string>();
  let issuer: IssuerFixture;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    issuer = await startIssuer();

    @Module({ imports: [ServiceTokensModule.forService({ name: 'orders', issuerUrl: issuer.url })], controllers: [OrderRoutes] })
    class EdgeModule {}

    Logger.overrideLogger(false);
    app = await NestFactory.create<NestFastifyApplication>(EdgeModule, new FastifyAdapter());
    app.get(CallerResolver).consult({
      ownerOfKey: async (key) => (key === keyOfA ? owner : undefined),
      tenantOfDomain: async (domain) => ({ 'a.example.com': tenantA, 'b.example.com': tenantB, 'ops.example.com': installationId })[domain],
      standingOf: async (tenantId) => standings.get(tenantId) ?? 'active',
      isSessionOver: async (session) => endedSessions.has(session),
    });
    await app.init();
  });

  afterAll(async () => {
    await app.close();
    await issuer.stop();
  });

  async function call(authorization: string, { host = 'hub.example.com', tenant, path = 'caller' }: { host?: string; tenant?: string; path?: string } = {}) {
    const { statusCode, body } = await app.inject({
      method: 'GET', url: `/v1/orders/${path}`, headers: { authorization, host, ...(tenant !== undefined && { 'x-crossdock-tenant': tenant }) },
    });
    return { status: statusCode, body };
  }
  const bearer = async (claims: JWTPayload): Promise<string> => `Bearer ${await issuer.sign({ claims })}`;

  it('takes an API key for the tenant that it belongs to, and one that is not known for none', async () => {
    expect(await call(`Bearer ${keyOfA}`)).toEqual({ status: 200, body: JSON.stringify({ kind: 'api_key', clientId: 'api-key/1', tenantId: tenantA }) });
    expect((await call('Bearer crossdock_abc_xyz')).status).toBe(401);
  });

  it('takes the tenant of the domain, whatever the spelling, where the client may act for any', async () => {
    for (const host of ['b.example.com', 'B.Example.COM:8443', 'b.example.com.']) {
      expect(await call(await bearer({}), { host })).toEqual({ status: 200, body: JSON.stringify({ kind: 'service', clientId: 'gateway', tenantId: tenantB }) });
    }
  });

  it('refuses a request whose credential, header and domain do not name the same tenant', async () => {
    const refused = [
      call(`Bearer ${keyOfA}`, { host: 'b.example.com' }),
      call(`Bearer ${keyOfA}`, { tenant: tenantB }),
      call(await bearer({}), { host: 'a.example.com', tenant: tenantB }),
      call(await bearer({ tenant: tenantA, scope: 'orders:read' }), { host: 'b.example.com', tenant: tenantA }),
    ];
    expect((await Promise.all(refused)).map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  });

  it('lets operators work at no domain of a tenant', async () => {
    const operator = await bearer({ scope: 'operations:read' });
    expect((await call(operator, { path: 'installation' })).status).toBe(200);
    expect((await call(operator, { path: 'installation', host: 'a.example.com' })).status).toBe(403);
  });

  it('knows a person by the session in the token, until that has ended', async () => {
    const person = await bearer({ sub: 'ada', tenant: tenantA, scope: 'orders:read', sid: sessionId });
    expect(await call(person)).toEqual({ status: 200, body: JSON.stringify({ kind: 'user', clientId: 'user/ada', tenantId: tenantA }) });
    endedSessions.add(sessionId);
    expect((await call(person)).status).toBe(401);
  });

  it('takes no person’s token that is bound to no tenant or may choose one', async () => {
    expect((await call(await bearer({ sid: crypto.randomUUID() }))).status).toBe(401);
    expect((await call(await bearer({ sid: crypto.randomUUID(), tenant: tenantA }))).status).toBe(401);
  });

  it('lets a person who signed on to the installation operate it, and work in whichever tenant they name, until their session has ended', async () => {
    const sid = crypto.randomUUID();
    const operator = await bearer({ sub: 'grace', tenant: installationId, sid, scope: 'operations:read orders:read tenant:any', name: 'Grace' });
    for (const host of ['hub.example.com', 'ops.example.com']) {
      expect((await call(operator, { path: 'installation', host })).status).toBe(200);
      expect(await call(operator, { tenant: tenantB, host })).toEqual({ status: 200, body: JSON.stringify({ kind: 'user', clientId: 'operator/grace', tenantId: tenantB }) });
      expect((await call(operator, { host })).status).toBe(400);
    }
    expect((await call(operator, { path: 'installation', host: 'a.example.com' })).status).toBe(403);
    expect((await call(operator, { tenant: tenantB, host: 'a.example.com' })).status).toBe(403);
    endedSessions.add(sid);
    expect((await call(operator, { path: 'installation' })).status).toBe(401);
  });

  it('takes nobody for an operator who signed on to a tenant, whatever scopes, names and tenants the token or the request bears', async () => {
    const sid = crypto.randomUUID();
    for (const scope of ['operations:read', 'tenants:manage orders:read', 'orders:read tenant:any']) {
      expect((await call(await bearer({ sub: 'eve', tenant: tenantA, sid, scope, name: 'Grace' }), { path: 'installation' })).status).toBe(401);
    }
    const person = await bearer({ sub: 'eve', tenant: tenantA, sid, scope: 'orders:read' });
    expect((await call(person, { path: 'installation' })).status).toBe(403);
    expect((await call(person, { tenant: installationId })).status).toBe(403);
    expect((await call(person, { host: 'ops.example.com' })).status).toBe(403);
    expect((await call(`Bearer ${keyOfA}`, { host: 'ops.example.com' })).status).toBe(403);
    expect((await call(await bearer({ sub: 'a-client', tenant: installationId, scope: 'operations:read' }), { path: 'installation' })).status).toBe(403);
    expect((await call(await bearer({ scope: 'operations:read' }), { path: 'installation', host: 'ops.example.com' })).status).toBe(403);
  });

  it('refuses everybody while the tenant is suspended, and for good once it was deleted', async () => {
    for (const standing of ['suspended', 'deleted'] as const) {
      standings.set(tenantA, standing);
      expect(await call(`Bearer ${keyOfA}`)).toMatchObject({ status: 403, body: expect.stringContaining(standing) });
    }
    standings.delete(tenantA);
    expect((await call(`Bearer ${keyOfA}`)).status).toBe(200);
  });
});
