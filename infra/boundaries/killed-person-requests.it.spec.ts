import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { serviceNames, type ServiceName } from '@crossdock/contracts';
import { schemaOf } from '@crossdock/service-kit';
import { startIssuer, type IssuerFixture } from '@crossdock/service-tokens/issuer.fixture';
import { eventually } from '@crossdock/test-stack';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { EveryService } from './every-service.fixture.ts';
import { placesOf, planted, plantPerson, rowsOf, wordsOfPlanted } from './planted-person.fixture.ts';

const requestSchema = z.looseObject({
  id: z.uuid(), state: z.string(), missing: z.array(z.string()), services: z.array(z.object({ service: z.string(), found: z.array(z.object({ table: z.string(), rows: z.int() })) })),
});
type Request = z.infer<typeof requestSchema>;
const lineSchema = z.object({ service: z.string(), table: z.string() });

let issuer: IssuerFixture;
let every: EveryService;
let admin: DataSource;

beforeAll(async () => {
  issuer = await startIssuer();
  every = await EveryService.start({ mortal: ['gateway', 'orders', 'sync'], settings: { AUTH_ISSUER_URL: issuer.url } });
  admin = await every.database.connectAsAdmin('public');
}, 240_000);
afterAll(async () => {
  await every.stop();
  await issuer.stop();
});

async function call(tenant: string, path: string, body?: unknown): Promise<Response> {
  const token = await issuer.sign({ claims: { aud: 'gateway', tenant, scope: 'privacy:read privacy:write' } });
  return fetch(`${every.mortal('gateway').url}${path}`, {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  });
}

/** A tenant whose tables name the person. */
class TenantOfHers {
  private constructor(readonly id: string) {}

  static async make(): Promise<TenantOfHers> {
    const tenant = new TenantOfHers(randomUUID());
    await plantPerson(admin, tenant.id);
    return tenant;
  }

  async begin(what: 'exports' | 'erasures'): Promise<string> {
    return requestSchema.parse(await (await this.#ask(`/v1/people/${what}`, { email: planted.email })).json()).id;
  }

  ended(id: string): Promise<Request> {
    return eventually(`the request ${id} to end`, async () => {
      // A gateway that was killed answers again when it is back.
      const answer = await this.#ask(`/v1/people/requests/${id}`).catch(() => undefined);
      const request = answer?.ok === true && requestSchema.parse(await answer.json());
      return request !== false && request.state !== 'running' && request;
    }, 300_000);
  }

  /** The places of all lines that were handed over, in order. */
  async handedOver(id: string): Promise<string[]> {
    const file = await (await this.#ask(`/v1/people/exports/${id}/file`)).text();
    const lines = file.trim().split('\n');
    expect(new Set(lines).size).toBe(lines.length);
    return lines.map((line) => lineSchema.parse(JSON.parse(line))).map(({ service, table }) => `${service} ${table}`).sort();
  }

  #ask(path: string, body?: unknown): Promise<Response> {
    return call(this.id, path, body);
  }
}

/** Has everybody who comes to a table stop there. @returns what lets them go on. */
async function hold(table: string): Promise<() => Promise<void>> {
  const [held, released] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const holding = admin.transaction(async (manager) => {
    await manager.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    held.resolve(undefined);
    await released.promise;
  });
  await Promise.race([held.promise, holding]);
  return async () => {
    released.resolve(undefined);
    await holding;
  };
}

async function comesTo(service: ServiceName, table: string): Promise<void> {
  await eventually(`${service} to come to ${table}`, async () => (await admin.query<unknown[]>(
    'SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND relation = $1::regclass AND usename = $2', [table, every.role(service)])).length > 0, 120_000);
}

it('an export and an erasure end completely, with nothing doubled and nothing forgotten, although the gateway and services were killed with -9 in the middle of them', async () => {
  const [exportedUndisturbed, erasedUndisturbed, exported, erased, other] = [await TenantOfHers.make(), await TenantOfHers.make(), await TenantOfHers.make(), await TenantOfHers.make(), await TenantOfHers.make()];
  const [exportId, erasureId] = await Promise.all([exportedUndisturbed.begin('exports'), erasedUndisturbed.begin('erasures')]);
  const [exportReport, erasureReport] = await Promise.all([exportedUndisturbed.ended(exportId), erasedUndisturbed.ended(erasureId)]);
  const kept = [...serviceNames.map(schemaOf), 'connections'];
  const others = await rowsOf(admin, other.id, kept);

  // Each comes to this table when it has been through others of its own, in the same transaction.
  const letGo = [await hold('orders.order_drift'), await hold('sync.record_link')];
  const [killedExportId, killedErasureId] = await Promise.all([exported.begin('exports'), erased.begin('erasures')]);
  await Promise.all([comesTo('orders', 'orders.order_drift'), comesTo('sync', 'sync.record_link')]);
  const letAnswer = await hold('privacy.person_answer');
  await Promise.all([every.mortal('orders').kill(), every.mortal('sync').kill()]);
  await Promise.all(letGo.map((go) => go()));
  // What the two have to say cannot have been heard yet.
  await comesTo('gateway', 'privacy.person_answer');
  await Promise.all([every.mortal('gateway').kill(), letAnswer()]);

  const [killedExport, killedErasure] = await Promise.all([exported.ended(killedExportId), erased.ended(killedErasureId)]);
  for (const [killed, undisturbed] of [[killedExport, exportReport], [killedErasure, erasureReport]] as const) {
    expect(undisturbed.services.filter(({ found }) => found.length > 0).length).toBeGreaterThan(6);
    expect(killed).toMatchObject({ state: 'done', missing: [], services: undisturbed.services });
  }
  expect(await exported.handedOver(killedExportId)).toEqual(await exportedUndisturbed.handedOver(exportId));
  expect(await placesOf(admin, erased.id, wordsOfPlanted)).toEqual([]);
  expect(await rowsOf(admin, other.id, kept)).toEqual(others);
  expect(await admin.query('SELECT 1 FROM privacy.person_clue UNION ALL SELECT 1 FROM privacy.person_request WHERE salt IS NOT NULL')).toEqual([]);
}, 600_000);
