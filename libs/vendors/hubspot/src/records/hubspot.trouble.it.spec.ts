import { randomUUID } from 'node:crypto';
import { derivedFields, type RecordWrite, type RecordWritten } from '@crossdock/crm-connector';
import { Failure, type CrmObject, type FieldValue } from '@crossdock/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hubSpotBench, type HubSpotBench } from './hubspot.records.fixture.ts';

const signal = AbortSignal.timeout(300_000);
let bench: HubSpotBench;

beforeAll(async () => {
  bench = await hubSpotBench({ hasRenewals: true });
});
afterAll(() => bench.stop());

async function write(object: CrmObject, ...writes: RecordWrite[]): Promise<Array<RecordWritten | Failure>> {
  const { connector, connection } = bench;
  return connector.write(connection, await connector.describe(connection, object, signal), writes, signal);
}
const keyed = (fields: Record<string, FieldValue>, more: { key?: string; adoptBy?: Array<{ field: string; value: string }> } = {}): RecordWrite => ({ target: { key: randomUUID(), ...more }, fields });
const anEmail = () => `${randomUUID()}@example.com`;
const person = (type: 'contacts' | 'companies' | 'deals', properties: Record<string, string>) => bench.control.addHubSpotRecord(bench.portalId, type, { properties });
async function propertiesOf(type: 'contacts' | 'companies' | 'deals', id: string) {
  return (await bench.control.hubSpotRecords(bench.portalId, type)).find((record) => record.id === id)?.properties;
}

describe('what HubSpot does not take as it is', () => {
  it('is a second contact of one address, while the others of the batch are written', async () => {
    const email = anEmail();
    await person('contacts', { email });
    const results = await write('contact', keyed({ email: anEmail() }), keyed({ email }), keyed({ email: anEmail() }));
    expect(results).toMatchObject([{ created: true }, { kind: 'conflict' }, { created: true }]);
    expect(results[1] instanceof Failure && results[1].message).not.toContain(email);
  });

  it('is a property that somebody has taken away since it was described, and it is not told as empty', async () => {
    const { connector, connection, control, portalId } = bench;
    await control.addHubSpotProperty(portalId, 'contacts', 'shoe_size', { hasUniqueValue: false });
    const description = await connector.describe(connection, 'contact', signal);
    await control.removeHubSpotProperty(portalId, 'contacts', 'shoe_size');
    const results = await connector.write(connection, description, [keyed({ shoe_size: '42' }), keyed({ email: anEmail() })], signal);
    expect(results).toMatchObject([{ kind: 'invalid', field: 'shoe_size' }, { created: true }]);
    const id = results[1] && 'id' in results[1] ? results[1].id : '';
    const found = await connector.getByIds(connection, { description, fieldNames: ['lastname', 'shoe_size'] }, [id], signal);
    expect(found.get(id)).toMatchObject({ fields: { lastname: null } });
    expect(found.get(id)).not.toHaveProperty('fields.shoe_size');
  });

  it('is a record of a batch that is locked: all of it waits for two seconds, and is written then', async () => {
    const [one, other] = [keyed({ email: anEmail() }), keyed({ email: anEmail() })];
    await bench.control.addFault('hubspot', { kind: 'status', status: 423, pathPattern: '^POST .*/batch/(create|upsert|update)' });
    expect(await write('contact', one, other)).toMatchObject([{ kind: 'rate_limited', retryAfterMs: 2_000 }, { kind: 'rate_limited', retryAfterMs: 2_000 }]);
    expect(await write('contact', one, other)).toMatchObject([{ created: true }, { created: true }]);
  });

  it('is the id of a contact that was merged: the one it went into is written', async () => {
    const [winner, loser] = [await person('contacts', { email: anEmail() }), await person('contacts', { email: anEmail() })];
    const merged = await bench.control.mergeHubSpotRecords(bench.portalId, 'contacts', winner.id, loser.id);
    expect(await write('contact', { target: { id: loser.id }, fields: { lastname: 'Beispiel' } })).toMatchObject([{ outcome: 'written', id: merged.id, created: false }]);
  });

  it('is the id of a contact or a company that was merged: the ones that they went into are associated', async () => {
    const [winner, loser, other] = [await person('contacts', { email: anEmail() }), await person('contacts', { email: anEmail() }), await person('contacts', { email: anEmail() })];
    const [company, doubled] = [await person('companies', { name: 'One' }), await person('companies', { name: 'Two' })];
    const merged = await bench.control.mergeHubSpotRecords(bench.portalId, 'contacts', winner.id, loser.id);
    const companyNow = await bench.control.mergeHubSpotRecords(bench.portalId, 'companies', company.id, doubled.id);
    const belongs = (id: string, companyId: string): RecordWrite => ({ target: { id }, fields: {}, associate: [{ object: 'company', id: companyId }] });
    expect(await write('contact', belongs(loser.id, companyNow.id), belongs(other.id, doubled.id))).toMatchObject([{ outcome: 'written' }, { outcome: 'written' }]);
    for (const { id } of [merged, other]) {
      expect(await bench.control.hubSpotAssociations(bench.portalId, { type: 'contacts', id }, 'companies')).toEqual([companyNow.id]);
    }
  });
});

describe('a HubSpot record to be adopted', () => {
  it('is a contact by his second address too', async () => {
    const [first, second] = [anEmail(), anEmail()];
    const [winner, loser] = [await person('contacts', { email: first }), await person('contacts', { email: second })];
    const merged = await bench.control.mergeHubSpotRecords(bench.portalId, 'contacts', winner.id, loser.id);
    expect(await write('contact', keyed({ lastname: 'Beispiel' }, { adoptBy: [{ field: 'email', value: second }] }))).toMatchObject([{ id: merged.id, created: false }]);
    expect((await propertiesOf('contacts', merged.id))?.['email']).toBe(first);
  });

  it('is not one that keeps another key: that address is in the way', async () => {
    const email = anEmail();
    await write('contact', keyed({ email }));
    expect(await write('contact', keyed({ email, lastname: 'Other' }, { adoptBy: [{ field: 'email', value: email }] }))).toMatchObject([{ kind: 'conflict' }]);
  });

  it('stays as it is where another record keeps the key already: that one is written', async () => {
    const [key, email] = [randomUUID(), anEmail()];
    const [kept] = await write('contact', keyed({ email: anEmail() }, { key }));
    const other = await person('contacts', { email });
    const result = await write('contact', keyed({ lastname: 'Beispiel' }, { key, adoptBy: [{ field: 'email', value: email }] }));
    expect(result).toMatchObject([{ id: kept && 'id' in kept && kept.id, created: false }]);
    expect((await propertiesOf('contacts', other.id))?.['lastname']).toBeUndefined();
  });

  it('is the oldest company of a domain', async () => {
    const domain = `${randomUUID()}.example.com`;
    const oldest = await person('companies', { domain, name: 'First' });
    await person('companies', { domain, name: 'Second' });
    expect(await write('company', keyed({ name: 'Muster' }, { adoptBy: [{ field: 'domain', value: domain.toUpperCase() }] }))).toMatchObject([{ id: oldest.id, created: false }]);
  });
});

describe('a HubSpot deal', () => {
  const status = (value: 'open' | 'won' | 'lost') => ({ [derivedFields.dealStatus]: value });

  it('is won in its own pipeline, and keeps the stage in which people won it', async () => {
    const deal = await person('deals', { dealname: 'D', pipeline: 'renewals', dealstage: 'renewal_due' });
    const won = { target: { id: deal.id }, fields: status('won') };
    expect(await write('deal', won)).toMatchObject([{ id: deal.id }]);
    expect(await propertiesOf('deals', deal.id)).toMatchObject({ pipeline: 'renewals', dealstage: 'renewal_won' });
    await bench.control.editHubSpotRecord(bench.portalId, 'deals', deal.id, { properties: { dealstage: 'renewal_won_early' } });
    await write('deal', won);
    expect((await propertiesOf('deals', deal.id))?.['dealstage']).toBe('renewal_won_early');
  });

  it('is opened in the first stage of the first pipeline, and has its amount in the account’s currency where it states none', async () => {
    const [result] = await write('deal', keyed({ dealname: 'D', ...status('open') }));
    const id = result && 'id' in result ? result.id : '';
    expect(await propertiesOf('deals', id)).toMatchObject({ pipeline: 'default', dealstage: 'appointmentscheduled' });
    await bench.control.editHubSpotRecord(bench.portalId, 'deals', id, { properties: { amount: '12.5' } });
    const description = await bench.connector.describe(bench.connection, 'deal', signal);
    const found = await bench.connector.getByIds(bench.connection, { description, fieldNames: ['amount', derivedFields.dealClosedAt] }, [id], signal);
    expect(found.get(id)).toMatchObject({ fields: { amount: { amountMinor: 1_250, currency: 'USD' }, [derivedFields.dealClosedAt]: null } });
  });
});
