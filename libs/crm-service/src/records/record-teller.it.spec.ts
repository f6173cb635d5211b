import { randomUUID } from 'node:crypto';
import { dealChanged, envelopeSchema } from '@crossdock/contracts';
import { ToyConnector } from '@crossdock/crm-connector/toy-connector.fixture';
import { EventPublisher } from '@crossdock/event-bus';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, type TestDatabase } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource, EntityManager } from 'typeorm';
import { crmServiceSchemas } from '../crm-service.schema.ts';
import type { SeenState } from './record-reading.ts';
import { RecordTeller } from './record-teller.ts';

let database: TestDatabase;
let admin: DataSource;
let tenants: TenantDatabase;
const teller = new RecordTeller(new EventPublisher('crm-hubspot', () => undefined), new ToyConnector());

beforeAll(async () => {
  database = await createTestDatabase();
  const url = await database.migrateService('crm-hubspot', crmServiceSchemas('crm-hubspot'));
  admin = await database.connectAsAdmin('crm_hubspot');
  tenants = new TenantDatabase(await database.connect(url, 'crm_hubspot'));
});
afterAll(() => database.drop());

/** A deal of an account as it was read, and why. */
interface Reading {
  readonly externalId: string;
  readonly name: string;
  readonly by: 'read' | 'wanted';
  readonly correlationId: string;
}

/** An account whose deals are read. */
class Account {
  readonly connection = { id: randomUUID(), tenantId: randomUUID() };

  /** One transaction in which readings are told, each for a cause of its own. */
  tell(readings: readonly Reading[], at = new Date(), also: (manager: EntityManager) => Promise<void> = async () => undefined): Promise<void> {
    const { tenantId } = this.connection;
    return tenants.transaction(tenantId, async (manager) => {
      for (const { by, correlationId, ...deal } of readings) {
        await tenantContext.run({ tenantId, correlationId }, () =>
          teller.tellRead(manager, { connection: this.connection, object: 'deal' }, { at, states: [this.#stateOf(deal)], gone: [] }, by));
      }
      await also(manager);
    });
  }

  /** What was told, in order. */
  async told(): Promise<Array<readonly [correlationId: string, name: string]>> {
    const rows = await admin.query<Array<{ payload: string }>>('SELECT payload FROM outbox WHERE tenant_id = $1 ORDER BY id', [this.connection.tenantId]);
    return rows.map(({ payload }) => envelopeSchema.parse(JSON.parse(payload))).map(({ correlationid, data }) => [correlationid, dealChanged.schema.parse(data).name]);
  }

  #stateOf({ externalId, name }: Pick<Reading, 'externalId' | 'name'>): SeenState {
    const modifiedAt = '2026-11-22T12:00:00.000Z';
    const source = { vendor: 'hubspot', connectionId: this.connection.id, externalId } as const;
    return { externalId, modifiedAt, digest: Buffer.from(name.padEnd(32)).toString('hex'), state: { object: 'deal', data: { name, status: 'open', contacts: [], source, modifiedAt, known: ['name'], associations: [] } } };
  }
}

const reading = (externalId: string, name: string, by: Reading['by'] = 'read'): Reading => ({ externalId, name, by, correlationId: randomUUID() });

describe('records that were read by their ids', () => {
  it('are told together, each in the name of its own cause', async () => {
    const account = new Account();
    const readings = [reading('1', 'First'), reading('2', 'Second'), reading('3', 'Third')];
    await account.tell(readings);
    expect(await account.told()).toEqual(readings.map(({ correlationId, name }) => [correlationId, name]));
    const kept = await admin.query<unknown[]>('SELECT external_id, told FROM crm_record WHERE connection_id = $1 ORDER BY external_id', [account.connection.id]);
    expect(kept).toEqual(['1', '2', '3'].map((id) => ({ external_id: id, told: 1 })));
  });

  it('are told once where nothing is new about them, and to who wants them in any case', async () => {
    const account = new Account();
    const [touched, again, wanted] = [reading('1', 'Deal'), reading('1', 'Deal'), reading('1', 'Deal', 'wanted')];
    await account.tell([touched, again, wanted]);
    expect(await account.told()).toEqual([[touched.correlationId, 'Deal'], [wanted.correlationId, 'Deal']]);
    await account.tell([reading('1', 'Deal')]);
    expect(await account.told()).toHaveLength(2);
  });

  it('are not told where the transaction comes to nothing', async () => {
    const account = new Account();
    await expect(account.tell([reading('1', 'Deal')], new Date(), async () => {
      throw new Error('no');
    })).rejects.toThrow('no');
    expect(await account.told()).toEqual([]);
    await account.tell([reading('1', 'Deal')]);
    expect(await account.told()).toHaveLength(1);
  });
});
