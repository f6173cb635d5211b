import type { Connection } from '@crossdock/connections';
import type { CrmRecord, FieldSelection } from '@crossdock/crm-connector';
import { ToyConnector } from '@crossdock/crm-connector/toy-connector.fixture';
import { startIssuer, type IssuerFixture } from '@crossdock/service-tokens/issuer.fixture';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ToyService } from './toy-service.fixture.ts';

/** The toy CRM, which answers a search when it likes. */
class SlowToy extends ToyConnector {
  isSilent = false;

  override search(connection: Connection, selection: FieldSelection, by: { field: string; values: readonly string[] }): Promise<CrmRecord[]> {
    return this.isSilent ? new Promise<never>(() => undefined) : super.search(connection, selection, by);
  }
}

const toy = new SlowToy();
let [issuer, service]: [IssuerFixture | undefined, ToyService | undefined] = [undefined, undefined];

beforeAll(async () => {
  issuer = await startIssuer();
  service = await ToyService.start(toy, { authIssuerUrl: issuer.url });
});

afterEach(() => {
  toy.isSilent = false;
});

afterAll(async () => {
  await service?.world.stop();
  await issuer?.stop();
});

async function caller(scope = 'records:read tenant:any') {
  if (!issuer || !service) throw new Error('Nothing runs.');
  const [{ world }, { shop }] = [service, await service.tenant()];
  const token = await issuer.sign({ claims: { aud: 'crm-hubspot', scope } });
  return async (payload: Record<string, unknown>, tenantId = shop.tenantId) => {
    const response = await world.service.app.inject({
      method: 'POST', url: `/v1/connections/${shop.connection.id}/records/contact/search`,
      headers: { authorization: `Bearer ${token}`, 'x-crossdock-tenant': tenantId }, payload,
    });
    return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
  };
}

describe('a look-up of records', () => {
  it('finds them by a canonical field and shows them in canonical form', async () => {
    const search = await caller();
    const externalId = service?.put('contact', { email: 'anna@example.com', lastName: 'Muster', country: 'DE' });
    expect(await search({ field: 'email', values: ['ANNA@example.com', 'nobody@example.com'] })).toEqual({
      status: 200, body: { records: [{ object: 'contact', externalId, modifiedAt: expect.any(String) as unknown, fields: { email: 'anna@example.com', lastName: 'Muster', country: 'DE' }, custom: {}, associations: [] }] },
    });
  });

  it('is given up when a second is over, with a sentence that says so', async () => {
    const search = await caller();
    await search({ field: 'email', values: ['anna@example.com'] });
    toy.isSilent = true;
    const startedMs = performance.now();
    expect(await search({ field: 'email', values: ['anna@example.com'] })).toMatchObject({ status: 503, body: { detail: expect.stringContaining('within a second') as unknown } });
    expect(performance.now() - startedMs).toBeLessThan(1_800);
  });

  it('says that the account keeps no such field, and is open to nobody without the right', async () => {
    expect(await (await caller())({ field: 'shoeSize', values: ['42'] })).toMatchObject({ status: 422, body: { detail: expect.stringContaining('shoeSize') as unknown } });
    expect(await (await caller())({ field: 'email', values: [] })).toMatchObject({ status: 422 });
    expect(await (await caller('connections:read tenant:any'))({ field: 'email', values: ['a@example.com'] })).toMatchObject({ status: 403 });
    expect(await (await caller())({ field: 'email', values: ['a@example.com'] }, '00000000-0000-4000-8000-000000000000')).toMatchObject({ status: 404 });
  });
});
