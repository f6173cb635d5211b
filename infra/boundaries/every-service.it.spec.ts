import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { eventCatalogue, serviceNames, type ServiceName } from '@crossdock/contracts';
import { schemaOf } from '@crossdock/service-kit';
import { routesWithoutRule } from '@crossdock/service-tokens';
import { openApiDocument } from '../../apps/gateway/src/interface/openapi.document.ts';
import { CrossingEvents, forms } from './crossing-events.fixture.ts';
import { EveryService } from './every-service.fixture.ts';
import { compareForms, compareWithDocuments, countSeriesOfManyTenants, mostNewSeries, mostSeries } from './exported-metrics.fixture.ts';
import { OnePersonStory } from './one-person.fixture.ts';

/** What stands open to everybody, because the request carries its own proof or the answer is public. All else wants a token. */
const openRoutes: Readonly<Partial<Record<ServiceName, readonly string[]>>> = {
  // Keys come from a vendor's server that has nothing to show but the state of an authorisation under way.
  // A form on a page has nothing to show but its public id and the origin of the page.
  // The console's files are the same for everybody, and what is below /sign-on/ is asked of auth-sso, as it stands there.
  gateway: ['GET /console', 'GET /console/*', 'GET /sign-on/*', 'POST /sign-on/*', 'DELETE /sign-on/*', 'POST /forms/:id', 'POST /webhooks/:vendor', 'POST /webhooks/:vendor/:connectionId', 'GET /oauth/start/:id', 'GET /oauth/callback', 'POST /oauth/keys/:vendor', 'GET /v1/openapi.json', 'GET /v1/docs', 'GET /v1/catalogue', 'GET /v1/catalogue.json'],
  // People's browsers and their identity providers have secrets and signatures of their own to show; SCIM clients a bearer token, without which they get 401.
  'auth-sso': [
    'POST /oauth/token', 'GET /.well-known/jwks.json', 'GET /.well-known/oauth-authorization-server',
    'GET /sign-on/start', 'GET /sign-on/begin', 'POST /sign-on/find', 'GET /sign-on/providers/:providerId', 'GET /sign-on/callback/:providerId', 'GET /sign-on/arrive',
    'POST /sign-on/token', 'GET /sign-on/sessions', 'DELETE /sign-on/sessions/:sessionId', 'POST /sign-on/sign-out', 'POST /sign-on/back-channel-logout/:tenantId/:providerId',
  ],
};

/** Tables that hold nothing of a tenant. */
const tablesOfNoTenant = ['consume_start', 'inbox_upkeep', 'journal_upkeep', 'migration', 'outbox_relay', 'outbox_shard', 'schedule', 'schedule_firing', 'signing_key', 'used_assertion', 'vendor_call_upkeep'];
/** Tables that the machinery and the operators work with for all tenants; no other table opens to the system scope. */
const tablesOfTheSystem = [
  'api_key', 'application_domain', 'audit_head', 'authorisation', 'change_listener', 'connection', 'connection_audit', 'data_key', 'dead_letter', 'event_replay', 'flag_change', 'flag_rule', 'inbox', 'job', 'journal_entry', 'journal_record', 'lead_form', 'operation_audit', 'outbox', 'person_request', 'received_webhook', 'record_feed',
  'sync_standing', 'task', 'tenant', 'tenant_domain', 'tenant_standing', 'vendor_call', 'vendor_call_cause', 'vendor_call_count',
];

let every: EveryService;

beforeAll(async () => {
  every = await EveryService.start();
}, 180_000);
afterAll(() => every.stop(), 60_000);

describe('one person’s data', () => {
  it('are handed over as one file that only the gateway can open, with nothing of other people and other tenants', async () => (await OnePersonStory.begin(every)).handOver(), 240_000);
  it('are unreadable in every table after an erasure, whose report counts what each service held and says nothing of the person', async () => (await OnePersonStory.begin(every)).erase(), 240_000);
  it('leave what is no one’s and other people’s as it was', async () => (await OnePersonStory.begin(every)).lookAtWhatIsLeft(), 240_000);
  it('are found by a contact of an account and by a telephone number as well, and nothing is found a second time', async () => (await OnePersonStory.begin(every)).eraseInOtherWays(), 600_000);
});

describe('45 every event with another tenant’s identifiers', () => {
  let crossing: CrossingEvents;
  beforeAll(async () => {
    crossing = await CrossingEvents.begin(every);
  });

  it('can be told in every kind and form that there is', () => {
    for (const definition of eventCatalogue) expect(crossing.envelopesOf(definition)).toHaveLength(forms);
  });
  it('changes nothing of what it names', () => crossing.attack(), 480_000);
});

const tableSchema = z.object({
  schema: z.string(), name: z.string(), hasTenant: z.boolean(), enabled: z.boolean(), forced: z.boolean(), policies: z.array(z.string()),
});

/** Every table of the database, partitions included, as PostgreSQL's own catalogue knows it. */
async function readTables(): Promise<z.infer<typeof tableSchema>[]> {
  const admin = await every.database.connectAsAdmin('public');
  return z.array(tableSchema).parse(await admin.query(`
    SELECT n.nspname AS schema, c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
      EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped) AS "hasTenant",
      ARRAY(SELECT concat(p.polcmd, ' ', pg_get_expr(p.polqual, c.oid), ' ', pg_get_expr(p.polwithcheck, c.oid)) FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    ORDER BY 1, 2`));
}

describe('the tables of all services', () => {
  it('hold a tenant each, but for those that are known to hold nothing of a tenant', async () => {
    const tables = await readTables();
    expect(new Set(tables.map(({ schema }) => schema))).toEqual(new Set([...serviceNames.map(schemaOf), 'connections', 'feature_flags', 'privacy']));
    expect([...new Set(tables.filter(({ hasTenant }) => !hasTenant).map(({ name }) => name))].sort()).toEqual(tablesOfNoTenant);
  });

  it('are closed by row-level security where they hold a tenant, to their owner too, for all commands by one policy', async () => {
    const tables = (await readTables()).filter(({ hasTenant }) => hasTenant);
    expect(tables.length).toBeGreaterThan(serviceNames.length);
    const open = tables.filter(({ enabled, forced, policies }) =>
      !enabled || !forced || policies.length !== 1 || !policies.every((policy) => policy.startsWith('* ') && policy.includes('crossdock.tenant_id')));
    expect(open).toEqual([]);
  });

  it('open to the system scope only where the machinery or an operator works for all tenants', async () => {
    const tables = (await readTables()).filter(({ policies }) => policies.some((policy) => policy.includes('crossdock.scope')));
    expect([...new Set(tables.map(({ name }) => name))].sort()).toEqual(tablesOfTheSystem);
  });
});

describe('the metrics', () => {
  it('are those that docs/metrics.md tells of, with their types and labels, and no others of ours', () => compareWithDocuments(every));
  it('come as OpenMetrics for who asks for it, as the classic text otherwise', () => compareForms(every));
  it('have fewer than 20,000 series in all services together, to which ten thousand tenants add fewer than 500', async () => {
    const { before, after } = await countSeriesOfManyTenants(every);
    expect(after).toBeLessThan(mostSeries);
    expect(after - before).toBeLessThan(mostNewSeries);
  });
});

describe('the OpenAPI document', () => {
  /** What every service serves for the gateway to forward to. */
  const ofEveryService = ['/v1/own-dead-letters', '/v1/own-jobs', '/v1/own-work', '/v1/operations/dead-letters', '/v1/operations/replays', '/v1/operations/audit', '/v1/operations/figures', '/v1/operations/tenant-exports'];
  const shapeOf = (method: string, path: string): string => `${method.toUpperCase()} ${path.replaceAll(/:\w+|\{\w+\}/g, '{}')}`;

  it('describes every route of the gateway’s interface, and no other', () => {
    const { paths } = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) }).parse(openApiDocument);
    const described = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => shapeOf(method, path)));
    const served = every.routes('gateway')
      .filter(({ method, url }) => method !== 'HEAD' && url.startsWith('/v1/') && !ofEveryService.some((prefix) => url.startsWith(prefix)))
      .map(({ method, url }) => shapeOf(method, url));
    expect(described.sort()).toEqual([...new Set(served)].sort());
  });
});

describe.each(serviceNames)('%s', (service) => {
  const role = (): string => every.role(service);

  it('works under a role that stands under row-level security, owns nothing and may change no table', async () => {
    const admin = await every.database.connectAsAdmin('public');
    expect(await admin.query(`
      SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
        (SELECT count(*)::int FROM pg_class WHERE relowner = r.oid) + (SELECT count(*)::int FROM pg_namespace WHERE nspowner = r.oid)
          + (SELECT count(*)::int FROM pg_proc WHERE proowner = r.oid) AS owned,
        (SELECT count(*)::int FROM pg_auth_members WHERE member = r.oid) AS memberships
      FROM pg_roles r WHERE rolname = $1`, [role()])).toEqual([{
      rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false, rolreplication: false, owned: 0, memberships: 0,
    }]);
    const creatable = await admin.query<unknown[]>(
      `SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND has_schema_privilege($1, oid, 'CREATE')`, [role()]);
    expect(creatable).toEqual([]);
    const truncatable = await admin.query<unknown[]>(
      `SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND has_table_privilege($1, oid, 'TRUNCATE, REFERENCES, TRIGGER')`, [role()]);
    expect(truncatable).toEqual([]);
  });

  it('reaches its own schema, and no other service’s', async () => {
    const admin = await every.database.connectAsAdmin('public');
    const reached = await admin.query<Array<{ nspname: string }>>(`
      SELECT nspname FROM pg_namespace
      WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema') AND has_schema_privilege($1, oid, 'USAGE')`, [role()]);
    const names = reached.map(({ nspname }) => nspname).filter((name) => !['connections', 'feature_flags', 'privacy'].includes(name));
    expect(names).toEqual([schemaOf(service)]);
  });

  it('leaves no route without an access rule', () => {
    expect(routesWithoutRule(every.service(service).app)).toEqual([]);
  });

  it('answers 401 without a token wherever it is not meant to be open', async () => {
    const open = openRoutes[service] ?? [];
    const found = every.routes(service);
    expect(found.map(({ method, url }) => `${method} ${url}`)).toEqual(expect.arrayContaining([...open]));
    const closed = found.filter(({ method, url }) => !open.includes(`${method === 'HEAD' ? 'GET' : method} ${url}`));
    for (const { method, url } of closed) {
      const answer = await every.service(service).app.getHttpAdapter().getInstance()
        .inject({ method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).parse(method), url: url.replace(/:[a-zA-Z]+/g, randomUUID()) });
      expect({ method, url, status: answer.statusCode }).toEqual({ method, url, status: 401 });
    }
  });
});
