import { expect, it } from '@jest/globals';
import { CrmSuite, outcomeOf, type CrmWorld } from './crm-world.ts';

/** What holds of an account as a whole. */
export function describeAccount(suite: () => CrmSuite, build: () => Promise<CrmWorld>): void {
  it('sets an account up again without harm', async () => {
    const { world, signal } = suite();
    await expect(world.connector.setUp(world.connection, signal)).resolves.toBeUndefined();
  });

  it('says that an account which was set up with all rights allows everything, and what each thing would cost', async () => {
    const { world, signal } = suite();
    const { mode, capabilities } = await world.connector.probeCapabilities(world.connection, signal);
    expect(mode).toBe('full');
    expect(capabilities.length).toBeGreaterThan(0);
    for (const { consequence } of capabilities) expect(consequence).toMatch(/\.$/);
  });

  it('tells that a person must reconnect once the authorisation was taken back', async () => {
    const revoked = new CrmSuite(await build());
    const selection = await revoked.selection('contact');
    const description = await revoked.describe('contact');
    await revoked.world.revoke();
    const { connector, connection } = revoked.world;
    const results = await connector.write(connection, description, [revoked.newly(revoked.contact()), revoked.newly(revoked.contact())], revoked.signal);
    expect(results.map(outcomeOf)).toEqual(['unauthorised', 'unauthorised']);
    await expect(connector.getByIds(connection, selection, [revoked.world.unknownContactId], revoked.signal)).rejects.toMatchObject({ kind: 'unauthorised' });
    await revoked.world.stop();
  });
}
