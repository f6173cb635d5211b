import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@crossdock/test-stack';
import type { CrmAccount } from './crm-account.fixture.ts';
import { listRuns } from './runs/run.repository.ts';
import { listOverdue } from './syncs/sync.repository.ts';
import { contentOf, SyncWorld, type SyncTenant } from './sync-world.fixture.ts';

let world: SyncWorld;
beforeAll(async () => {
  world = await SyncWorld.start();
});
afterAll(() => world.stop());

const anEmail = (): string => `${randomUUID()}@example.com`;

/** A tenant with two accounts. */
async function pair(): Promise<{ tenant: SyncTenant; left: CrmAccount; right: CrmAccount }> {
  const tenant = world.tenant();
  return { tenant, left: await tenant.account(), right: await tenant.account() };
}

describe('a sync of two accounts', () => {
  it('reads both, links who stands in both, and brings the others over', async () => {
    const { tenant, left, right } = await pair();
    const email = anEmail();
    left.put('contact', { email, lastName: 'Muster' });
    left.put('contact', { email: anEmail(), lastName: 'Left' });
    right.put('contact', { email, phone: '+49151' });
    right.put('contact', { email: anEmail(), lastName: 'Right' });
    const sync = await tenant.sync('contact');
    expect(await tenant.state(sync)).toBe('loading');
    await tenant.atRest();
    expect(await tenant.state(sync)).toBe('active');
    expect(contentOf(left, 'contact')).toHaveLength(3);
    expect(contentOf(left, 'contact')).toEqual(contentOf(right, 'contact'));
    expect(contentOf(left, 'contact').some((text) => text.includes('Muster') && text.includes('+49151'))).toBe(true);
  });

  it('writes a change once, and nothing when all is told again', async () => {
    const { tenant, left, right } = await pair();
    const id = left.put('contact', { email: anEmail(), lastName: 'Muster' });
    await tenant.sync('contact');
    await tenant.atRest();
    left.put('contact', { lastName: 'Beispiel' }, { id });
    await tenant.atRest();
    expect(contentOf(left, 'contact')).toEqual(contentOf(right, 'contact'));
    const writes = [left.writes, right.writes];
    expect(writes).toEqual([0, 2]);
    for (const account of [left, right]) tenant.tell(account, account.present('contact').map((record) => ({ object: 'contact', externalId: record.id })));
    await tenant.atRest();
    expect([left.writes, right.writes]).toEqual(writes);
  });

  it('brings all records up without waiting for one that is being changed, which follows when that is done', async () => {
    const { tenant, left, right } = await pair();
    for (const lastName of ['Muster', 'Beispiel']) left.put('contact', { email: anEmail(), lastName });
    const { id } = await tenant.sync('contact');
    await tenant.atRest();
    await world.admin.query(`UPDATE golden_record SET fields = fields || '{"phone": "+49151"}' WHERE tenant_id = $1`, [tenant.id]);
    const due = async (): Promise<number> => (await world.admin.query<unknown[]>('SELECT 1 FROM record_link WHERE tenant_id = $1 AND pending IS NOT NULL', [tenant.id])).length;
    await world.admin.transaction(async (manager) => {
      await manager.query('SELECT 1 FROM golden_record WHERE tenant_id = $1 ORDER BY golden_id LIMIT 1 FOR UPDATE', [tenant.id]);
      await tenant.within((own) => world.settleAll.start(own, id));
      await eventually('the other record to be asked for', async () => await due() === 2, 60_000);
    });
    await tenant.atRest();
    for (const account of [left, right]) expect(account.present('contact').map(({ fields }) => fields['phone'])).toEqual(['+49151', '+49151']);
  });

  it('makes a person whom another one of the same address was in the way of, once that one is gone', async () => {
    const { tenant, left, right } = await pair();
    const email = anEmail();
    right.refusal = (action) => (action.kind === 'write' && 'externalKey' in action.target && right.present('contact').length > 0
      ? { outcome: 'refused', kind: 'conflict', message: 'A rule against doubles.' } : undefined);
    const first = left.put('contact', { email, lastName: 'First' });
    await tenant.sync('contact', { gone: 'archive' });
    await tenant.atRest();
    left.put('contact', { email, lastName: 'Double' });
    await tenant.atRest();
    expect(right.present('contact').map(({ fields }) => fields['lastName'])).toEqual(['First']);
    left.delete('contact', first);
    await tenant.atRest();
    expect(right.present('contact').map(({ fields }) => fields['lastName'])).toEqual(['Double']);
  });

  it('carries associations over, in whatever order their records come', async () => {
    const { tenant, left, right } = await pair();
    const companyId = left.put('company', { name: 'Muster', domain: 'muster.example' });
    const company = { object: 'company' as const, externalId: companyId };
    const contactId = left.put('contact', { email: anEmail() }, { associations: [company] });
    await tenant.sync('contact');
    await tenant.atRest();
    await tenant.sync('company');
    await tenant.atRest();
    const [there] = right.present('contact');
    const [companyThere] = right.present('company');
    expect(right.associationsOf('contact', there?.id ?? '')).toEqual([{ object: 'company', externalId: companyThere?.id }]);
    left.put('contact', {}, { id: contactId, associations: [] });
    await tenant.atRest();
    expect(right.associationsOf('contact', there?.id ?? '')).toEqual([]);
    expect(right.present('contact')).toHaveLength(1);
  });

  it.each([['archive', 0], ['ignore', 1], ['tombstone', 1]] as const)('does what the policy says of what is gone: %s', async (gone, left_) => {
    const { tenant, left, right } = await pair();
    const id = left.put('contact', { email: anEmail(), lastName: 'Muster' });
    await tenant.sync('contact', { gone });
    await tenant.atRest();
    left.delete('contact', id);
    await tenant.atRest();
    expect(right.present('contact')).toHaveLength(left_);
    expect(left.present('contact')).toHaveLength(0);
  });

  it('makes one of two records that were merged at one account', async () => {
    const { tenant, left, right } = await pair();
    const [winner, loser] = [left.put('contact', { email: anEmail(), lastName: 'Winner' }), left.put('contact', { email: anEmail(), lastName: 'Loser' })];
    await tenant.sync('contact', { gone: 'archive' });
    await tenant.atRest();
    expect(right.present('contact')).toHaveLength(2);
    left.merge('contact', winner, loser);
    await tenant.atRest();
    expect(contentOf(right, 'contact')).toEqual(contentOf(left, 'contact'));
    expect(right.present('contact')).toHaveLength(1);
  });

  it('finds exactly the differences that nobody told, and mends them', async () => {
    const { tenant, left, right } = await pair();
    for (let index = 0; index < 60; index += 1) left.put('contact', { email: anEmail(), lastName: `Person ${index}`, phone: '+49151' });
    const sync = await tenant.sync('contact', { gone: 'archive' });
    await tenant.atRest();
    const damaged = right.present('contact').slice(0, 50);
    for (const { id } of damaged.slice(0, 45)) right.corrupt('contact', id, { lastName: 'Wrong' });
    for (const { id } of damaged.slice(45)) right.lose('contact', id);
    await tenant.within((manager) => world.runs.start(manager, sync, 'reconciliation'));
    await tenant.atRest();
    const [run] = await tenant.within((manager) => listRuns(manager, sync.id, 1));
    expect(run?.state).toBe('succeeded');
    const ofRight = run?.scans.find(({ connectionId }) => connectionId === right.connectionId);
    expect([ofRight?.differences, ofRight?.missing]).toEqual([45, 5]);
    expect(run?.scans.find(({ connectionId }) => connectionId === left.connectionId)).toMatchObject({ differences: 0, missing: 0 });
    expect(contentOf(left, 'contact')).toEqual(contentOf(right, 'contact'));
    expect(left.present('contact')).toHaveLength(55);
  });

  it('takes all over afresh after a reset, and still knows which records belong together', async () => {
    const { tenant, left, right } = await pair();
    left.put('deal', { name: 'A deal', status: 'open' });
    left.put('deal', { name: 'Another deal', status: 'won' });
    const sync = await tenant.sync('deal');
    await tenant.atRest();
    await tenant.within((manager) => world.syncs.reset(manager, sync.id));
    expect(await tenant.state(sync)).toBe('loading');
    await tenant.atRest();
    expect(await tenant.state(sync)).toBe('active');
    expect([left.present('deal').length, right.present('deal').length, right.writes]).toEqual([2, 2, 2]);
  });

  it('finds what an earlier sync had made, when it was deleted and is made anew', async () => {
    const { tenant, left, right } = await pair();
    left.put('deal', { name: 'A deal', status: 'open' });
    const sync = await tenant.sync('deal');
    await tenant.atRest();
    await tenant.within((manager) => world.syncs.delete(manager, sync.id));
    await tenant.sync('deal');
    await tenant.atRest();
    expect([left.present('deal').length, right.present('deal').length]).toEqual([1, 1]);
  });

  it('reads and compares again when a day is over', async () => {
    const { tenant, left } = await pair();
    left.put('contact', { email: anEmail() });
    const sync = await tenant.sync('contact');
    await tenant.atRest();
    expect(await tenant.within(listOverdue)).toEqual([]);
    await world.admin.query(`UPDATE sync_run SET started_at = now() - interval '25 hours' WHERE sync_id = $1`, [sync.id]);
    expect((await tenant.within(listOverdue)).map(({ id }) => id)).toEqual([sync.id]);
  });

  it('reads for the first time again by itself where that broke off, and not where a person cancelled it', async () => {
    const { tenant } = await pair();
    const sync = await tenant.sync('contact');
    const overdueAfter = async (state: string) => {
      await world.admin.query(`UPDATE sync_run SET state = $2, started_at = now() - interval '11 minutes' WHERE sync_id = $1`, [sync.id, state]);
      return (await tenant.within(listOverdue)).map(({ id }) => id);
    };
    expect(await overdueAfter('failed')).toEqual([sync.id]);
    expect(await overdueAfter('cancelled')).toEqual([]);
  });

  it('deletes nothing because a reading broke off', async () => {
    const { tenant, left, right } = await pair();
    for (let index = 0; index < 5; index += 1) left.put('contact', { email: anEmail() });
    const sync = await tenant.sync('contact', { gone: 'archive' });
    await tenant.atRest();
    const run = await tenant.within((manager) => world.runs.start(manager, sync, 'reconciliation'));
    const [scan] = run?.scans ?? [];
    await tenant.within((manager) => world.runs.takeEnd(manager, {
      connectionId: left.connectionId, vendor: 'hubspot', object: 'contact', scanId: scan?.scanId ?? '', outcome: 'broken_off', told: 2, message: 'The CRM went away.',
    }));
    await tenant.atRest();
    expect((await tenant.within((manager) => listRuns(manager, sync.id, 1)))[0]).toMatchObject({ state: 'failed', message: 'The CRM went away.' });
    expect([left.present('contact').length, right.present('contact').length]).toEqual([5, 5]);
  });

  it('keeps a refused write to the record it is about, and tries again when that has changed', async () => {
    const { tenant, left, right } = await pair();
    right.refusal = (action) => (action.kind === 'write' && action.fields['lastName'] === 'Too long' ? { outcome: 'refused', kind: 'invalid', message: 'lastname is too long.', field: 'lastname' } : undefined);
    const id = left.put('contact', { email: anEmail(), lastName: 'Too long' });
    left.put('contact', { email: anEmail(), lastName: 'Muster' });
    await tenant.sync('contact');
    await tenant.atRest();
    expect(right.present('contact').map(({ fields }) => fields['lastName'])).toEqual(['Muster']);
    left.put('contact', { lastName: 'Short' }, { id });
    await tenant.atRest();
    expect(contentOf(left, 'contact')).toEqual(contentOf(right, 'contact'));
  });
});
