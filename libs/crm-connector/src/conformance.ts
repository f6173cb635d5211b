import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { Failure, type UpsertObject, type Deal, type DealFields, type FailureKind, type UpsertRecord } from '@crossdock/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CrmConnector, UpsertResult } from './crm-connector.ts';

/** A connector in front of a stand-in of its CRM, and what a test does to that CRM from its other side. */
export interface ConformanceWorld {
  readonly connector: CrmConnector;
  readonly connection: Connection;
  /** An address that the CRM refuses. */
  readonly refusedEmail: string;
  /** An id in the CRM's form that no contact has. */
  readonly unknownContactId: string;
  /** An id in the CRM's form that no deal has. */
  readonly unknownDealId: string;
  /** What too many calls mean at this CRM. */
  readonly rateLimitKind: FailureKind;
  /** How many records of a type the CRM holds. */
  count(object: UpsertObject): Promise<number>;
  /** A person closes a deal as won in the CRM's own pages. */
  closeAsWon(dealId: string): Promise<void>;
  /** The access token runs out; the refresh token is still good. */
  expireToken(): Promise<void>;
  /** The next calls fail: too many of them, the CRM is down, or it does not know a field that is sent. */
  fail(fault: 'rate_limit' | 'down' | 'unknown_field', times: number): Promise<void>;
  clearFaults(): Promise<void>;
  /** The tenant takes the authorisation back, and the access token runs out. */
  revoke(): Promise<void>;
  stop(): Promise<void>;
}

/** What every connector must hold to. Each vendor's library runs this against its stand-in. */
export function describeCrmConnector(name: string, build: () => Promise<ConformanceWorld>): void {
  describe(`the ${name} connector`, () => {
    let world: ConformanceWorld;
    const signal = AbortSignal.timeout(60_000);
    const upsert = (...records: UpsertRecord[]): Promise<UpsertResult[]> => world.connector.upsert(world.connection, records, signal);

    beforeAll(async () => {
      world = await build();
      await world.connector.setUp(world.connection, signal);
    });
    afterAll(() => world.stop());

    it('sets an account up again without harm', async () => {
      await expect(world.connector.setUp(world.connection, signal)).resolves.toBeUndefined();
    });

    it('says that an account which was set up with all rights allows everything, and what each thing would cost', async () => {
      const { mode, capabilities } = await world.connector.probeCapabilities(world.connection, signal);
      expect(mode).toBe('full');
      expect(capabilities.length).toBeGreaterThan(0);
      for (const { consequence } of capabilities) expect(consequence).toMatch(/\.$/);
    });

    it('makes a contact and a deal once, however often they are asked for', async () => {
      const [contact, deal] = [aContact(), aDeal()];
      const before = [await world.count('contact'), await world.count('deal')];
      const first = ids(await upsert(contact, deal), true);
      expect(ids(await upsert(deal, contact), false)).toEqual([...first].reverse());
      expect([await world.count('contact'), await world.count('deal')]).toEqual(before.map((count) => count + 1));
    });

    it('takes one record asked for twice in one call', async () => {
      const deal = aDeal();
      const [first, second] = await upsert(deal, { ...deal, fields: { ...deal.fields, name: 'Renamed' } });
      expect(first).toMatchObject({ outcome: 'upserted', created: true });
      expect(second).toMatchObject({ outcome: 'upserted', created: false, crmId: idOf(first) });
      expect(await getDeal(idOf(first))).toMatchObject({ name: 'Renamed' });
    });

    it('finds a contact whatever the case of the address', async () => {
      const contact = aContact();
      const [first] = await upsert(contact);
      const [second] = await upsert({ object: 'contact', fields: { ...contact.fields, email: contact.fields.email.toUpperCase() } });
      expect(idOf(second)).toBe(idOf(first));
    });

    it('refuses one contact without holding back the others', async () => {
      const results = await upsert(aContact(), { object: 'contact', fields: { email: world.refusedEmail } }, aContact());
      expect(results.map(kindOf)).toEqual(['upserted', 'invalid', 'upserted']);
    });

    it('holds back only the deal whose contact the CRM does not know', async () => {
      const results = await upsert(aDeal(), { ...aDeal(), contactIds: [world.unknownContactId] }, aDeal());
      expect([kindOf(results[0]), kindOf(results[2])]).toEqual(['upserted', 'upserted']);
      expect(results[1]).toBeInstanceOf(Failure);
    });

    it('reads a deal back as it was written, with its contacts and where its order stands', async () => {
      const contact = aContact();
      const [contactResult] = await upsert(contact);
      const contactId = idOf(contactResult);
      const deal = { ...aDeal({ orderStatus: 'processing' }), contactIds: [contactId] };
      const [result] = await upsert({ ...deal, fields: { ...deal.fields, orderStatus: 'on_hold' } });
      await upsert(deal);
      const { vendor, id: connectionId } = world.connection;
      expect(await getDeal(idOf(result))).toMatchObject({
        source: { vendor, connectionId, externalId: idOf(result) }, externalKey: deal.externalKey, ...deal.fields,
        contacts: [{ externalId: contactId, email: contact.fields.email }],
      });
    });

    it.each(['won', 'lost'] as const)('keeps that a deal is %s', async (status) => {
      const [result] = await upsert({ ...aDeal({ status, closedAt: '2026-11-20T00:00:00.000Z' }) });
      expect(await getDeal(idOf(result))).toMatchObject({ status, closedAt: '2026-11-20T00:00:00.000Z' });
    });

    it('does not open a deal again that a person closed', async () => {
      const deal = aDeal();
      const [result] = await upsert(deal);
      await world.closeAsWon(idOf(result));
      expect(await getDeal(idOf(result))).toMatchObject({ status: 'won' });
      await upsert({ ...deal, fields: { ...deal.fields, name: 'The order changed' } });
      expect(await getDeal(idOf(result))).toMatchObject({ status: 'won', name: 'The order changed' });
    });

    it('leaves out deals that the CRM does not have', async () => {
      const [result] = await upsert(aDeal());
      const deals = await world.connector.getDeals(world.connection, [world.unknownDealId, idOf(result), idOf(result)], signal);
      expect([...deals.keys()]).toEqual([idOf(result)]);
    });

    it('renews a token that has run out and goes on', async () => {
      await world.expireToken();
      expect((await upsert(aContact())).map(kindOf)).toEqual(['upserted']);
    });

    it('says how long to wait when it was too fast', async () => {
      await world.fail('rate_limit', 1);
      const results = await upsert(aContact(), aContact());
      expect(results.map(kindOf)).toEqual([world.rateLimitKind, world.rateLimitKind]);
      expect(results[0]).toMatchObject({ retryAfterMs: expect.any(Number) });
    });

    it('takes an outage for something that passes', async () => {
      const [result] = await upsert(aDeal());
      await world.fail('down', 2);
      expect((await upsert(aContact(), aContact())).map(kindOf)).toEqual(['transient', 'transient']);
      await expect(world.connector.getDeals(world.connection, [idOf(result)], signal)).rejects.toMatchObject({ kind: 'transient' });
      await world.clearFaults();
    });

    it('takes a field that the CRM does not know for wrong data, and quotes none of it', async () => {
      const contact = aContact();
      await world.fail('unknown_field', 1);
      const [result] = await upsert(contact);
      expect(kindOf(result)).toBe('invalid');
      expect(result instanceof Failure && result.message).not.toContain(contact.fields.email);
      await world.clearFaults();
    });

    it('tells that a person must reconnect once the authorisation was taken back', async () => {
      const revoked = await build();
      const { connector, connection, unknownDealId } = revoked;
      await revoked.revoke();
      const results = await connector.upsert(connection, [aContact(), aDeal()], signal);
      expect(results.map(kindOf)).toEqual(['unauthorised', 'unauthorised']);
      await expect(connector.getDeals(connection, [unknownDealId], signal)).rejects.toMatchObject({ kind: 'unauthorised' });
      await revoked.stop();
    });

    async function getDeal(id: string): Promise<Deal> {
      const deal = (await world.connector.getDeals(world.connection, [id], signal)).get(id);
      if (!deal) throw new Error(`The CRM has no deal ${id}.`);
      if (deal instanceof Failure) throw deal;
      return deal;
    }
  });
}

function aContact() {
  const email = `${randomUUID()}@example.com`;
  return { object: 'contact', fields: { email, firstName: 'Anna', lastName: 'Muster', phone: '+4915112345678' } } as const;
}

function aDeal(fields: Partial<DealFields> = {}): Extract<UpsertRecord, { object: 'deal' }> {
  return {
    object: 'deal', externalKey: `order/${randomUUID()}`, contactIds: [],
    fields: { name: 'Order 1001', status: 'open', amount: { amountMinor: 12_935, currency: 'EUR' }, ...fields },
  };
}

function ids(results: readonly UpsertResult[], created: boolean): string[] {
  expect(results.map((result) => (result instanceof Failure ? result : result.created))).toEqual(results.map(() => created));
  return results.map(idOf);
}

function idOf(result: UpsertResult | undefined): string {
  if (result === undefined) throw new Error('The record got no result.');
  if (result instanceof Failure) throw result;
  return result.crmId;
}

function kindOf(result: UpsertResult | undefined): string {
  return result instanceof Failure ? result.kind : result?.outcome ?? 'no result';
}
