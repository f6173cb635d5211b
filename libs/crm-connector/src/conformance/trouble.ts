import { expect, it } from '@jest/globals';
import { outcomeOf, type CrmSuite } from './crm-world.ts';

/** What holds while the CRM is slow to serve. */
export function describeTrouble(suite: () => CrmSuite): void {
  it('renews a token that has run out and goes on', async () => {
    const { world, write, newly } = suite();
    await world.expireToken();
    expect((await write('contact', newly(suite().contact()))).map(outcomeOf)).toEqual(['created']);
  });

  it('says how long to wait when it was too fast', async () => {
    const { world, write, newly } = suite();
    await suite().describe('contact');
    await world.fail('rate_limit', 1);
    const results = await write('contact', newly(suite().contact()), newly(suite().contact()));
    await world.clearFaults();
    expect(results.map(outcomeOf)).toEqual([world.rateLimitKind, world.rateLimitKind]);
    expect(results[0]).toMatchObject({ retryAfterMs: expect.any(Number) });
  });

  it('gives a look-up up when a second is over, for whoever waits', async () => {
    const { world } = suite();
    const [selection, field] = [await suite().selection('contact'), suite().field('contact', 'email')];
    await world.fail('slow', 20);
    const startedMs = performance.now();
    const search = world.connector.search(world.connection, selection, { field, values: ['anna@example.com'] }, suite().signal);
    await expect(search).rejects.toMatchObject({ kind: 'transient' });
    expect(performance.now() - startedMs).toBeLessThan(2_500);
    await world.clearFaults();
  });

  it('takes an outage for something that passes, and leaves nothing half told', async () => {
    const { world, write, newly, changesSince, create } = suite();
    const [selection, { cursor }] = [await suite().selection('contact'), await changesSince('contact')];
    const id = await create('contact', suite().contact());
    await world.fail('down', 20);
    expect((await write('contact', newly(suite().contact()))).map(outcomeOf)).toEqual(['transient']);
    await expect(world.connector.listChanges(world.connection, selection, cursor, suite().signal)).rejects.toMatchObject({ kind: 'transient' });
    await expect(world.connector.getByIds(world.connection, selection, [id], suite().signal)).rejects.toMatchObject({ kind: 'transient' });
    await world.clearFaults();
    expect([...(await changesSince('contact', cursor)).records.keys()]).toContain(id);
  });
}
