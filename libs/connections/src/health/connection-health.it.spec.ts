import { Failure } from '@crossdock/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connection } from '../connection.ts';
import { ConnectionsWorld } from '../connections.fixture.ts';
import { listConnectionAudit } from './connection-audit.ts';
import type { ConnectionReason } from './connection-health.ts';

let world: ConnectionsWorld;

beforeAll(async () => {
  world = await ConnectionsWorld.open();
});
afterAll(() => world.close());

const refused: ConnectionReason = { code: 'authorisation_refused', message: 'The vendor refuses; connect the account again.' };

function move(connection: Connection, state: Connection['state'], reason?: ConnectionReason): Promise<boolean> {
  return world.database.transaction(connection.tenantId, (manager) => world.connections().health.move(manager, connection, state, reason));
}

const present = async ({ tenantId, id }: Connection): Promise<Connection | undefined> => world.connections().store.find(tenantId, id);

describe('the state of a connection', () => {
  it('changes together with what is said of it and with its audit', async () => {
    const made = await world.connect();
    expect(await move(made, 'needs_reconnect', refused)).toBe(true);
    expect(await present(made)).toMatchObject({ state: 'needs_reconnect', stateCode: refused.code, stateReason: refused.message });
    expect(await world.saidOf(made.id)).toEqual([{
      type: 'connection.health.changed.v1',
      data: { connectionId: made.id, vendor: 'hubspot', previousState: 'healthy', state: 'needs_reconnect', reason: refused, since: expect.any(String) },
    }]);
    const audit = await world.database.transaction(made.tenantId, (manager) => listConnectionAudit(manager, made.id));
    expect(audit).toMatchObject([{ actor: 'gateway', action: 'connection.state', outcome: 'needs_reconnect', detail: refused.code }]);
  });

  it('keeps its time and is said once, however often it is found again', async () => {
    const made = await world.connect();
    await move(made, 'degraded', { code: 'vendor_unreachable', message: 'one' });
    const before = await present(made);
    expect(await move(made, 'degraded', { code: 'vendor_unreachable', message: 'two' })).toBe(false);
    expect(await present(made)).toEqual({ ...before, stateReason: 'two' });
    expect(await world.saidOf(made.id)).toHaveLength(1);
  });

  it('keeps no trace of a change that was rolled back', async () => {
    const made = await world.connect();
    await expect(world.database.transaction(made.tenantId, async (manager) => {
      await world.connections().health.move(manager, made, 'needs_reconnect', refused);
      throw new Error('rolled back');
    })).rejects.toThrow('rolled back');
    expect(await present(made)).toMatchObject({ state: 'healthy' });
    expect(await world.saidOf(made.id)).toEqual([]);
  });

  it('has an audit that nobody can change', async () => {
    const made = await world.connect();
    await move(made, 'degraded', { code: 'permission_missing', message: 'm' });
    for (const statement of ['DELETE FROM connections.connection_audit', `UPDATE connections.connection_audit SET outcome = 'healthy'`]) {
      await expect(world.admin.query(statement)).rejects.toThrow(/stays written down/);
    }
  });

  it('follows how calls to the vendor end', async () => {
    const made = await world.connect();
    const { health } = world.connections();
    const ends = async (thrown?: Failure): Promise<Connection | undefined> => {
      const connection = await present(made);
      if (!connection) throw new Error('The connection is gone.');
      await health.watch(connection, async () => {
        if (thrown) throw thrown;
      }).catch(() => undefined);
      return present(made);
    };
    expect(await ends(new Failure('transient', 'away'))).toMatchObject({ state: 'healthy' });
    expect(await ends(new Failure('invalid', 'a wrong record'))).toMatchObject({ state: 'healthy' });
    expect(await ends(new Failure('forbidden', 'a scope is missing'))).toMatchObject({ state: 'degraded', stateCode: 'permission_missing' });
    const healed = await ends();
    expect(healed).toMatchObject({ state: 'healthy' });
    expect(healed).not.toHaveProperty('stateCode');
    expect(await ends(new Failure('unauthorised', 'revoked'))).toMatchObject({ state: 'needs_reconnect', stateCode: 'authorisation_refused' });
    expect(await ends()).toMatchObject({ state: 'needs_reconnect' });
  });
});
