import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CrmAccount } from '../crm-account.fixture.ts';
import { SyncWorld, type SyncTenant } from '../sync-world.fixture.ts';
import { leadSchema, type TakenLead } from './lead.ts';

let world: SyncWorld;
beforeAll(async () => {
  world = await SyncWorld.start();
});
afterAll(() => world.stop());

const anEmail = (): string => `${randomUUID()}@example.com`;

async function inStep(): Promise<{ tenant: SyncTenant; left: CrmAccount; right: CrmAccount }> {
  const tenant = world.tenant();
  const parts = { tenant, left: await tenant.account(), right: await tenant.account() };
  await tenant.sync('contact');
  await tenant.atRest();
  return parts;
}

const take = (tenant: SyncTenant, body: Readonly<Record<string, unknown>>, key: string = randomUUID()): Promise<TakenLead> =>
  tenant.within((manager) => world.leads.take(manager, key, leadSchema.parse(body)));
const people = (account: CrmAccount) => account.present('contact').map(({ fields }) => fields);

describe('a lead', () => {
  it('becomes a contact in every account of the sync, with the first stage', async () => {
    const { tenant, left, right } = await inStep();
    const email = anEmail();
    const taken = await take(tenant, { fields: { email, lastName: 'Muster' } });
    expect(taken).toMatchObject({ outcome: 'created', changed: ['email', 'lastName', 'lifecycleStage'] });
    await tenant.atRest();
    for (const account of [left, right]) expect(people(account)).toEqual([{ email, lastName: 'Muster', lifecycleStage: 'lead' }]);
  });

  it('adds to the contact who is there and takes nothing from him, nor his stage', async () => {
    const { tenant, left, right } = await inStep();
    const email = anEmail();
    left.put('contact', { email, lastName: 'Muster', lifecycleStage: 'customer' });
    await tenant.atRest();
    const taken = await take(tenant, { fields: { email: email.toUpperCase(), lastName: 'Other', phone: '+4915112345678' } });
    expect(taken).toMatchObject({ outcome: 'updated', changed: ['phone'] });
    await tenant.atRest();
    for (const account of [left, right]) expect(people(account)).toEqual([{ email, lastName: 'Muster', lifecycleStage: 'customer', phone: '+4915112345678' }]);
  });

  it('replaces what it names, and moves the stage back where it says so', async () => {
    const { tenant, left, right } = await inStep();
    const email = anEmail();
    right.put('contact', { email, lastName: 'Muster', lifecycleStage: 'customer' });
    await tenant.atRest();
    await take(tenant, { fields: { email, lastName: 'Other', lifecycleStage: 'opportunity' }, overwrite: ['lastName'], moveBack: true });
    await tenant.atRest();
    for (const account of [left, right]) expect(people(account)).toEqual([{ email, lastName: 'Other', lifecycleStage: 'opportunity' }]);
  });

  it('is taken once, however often it comes by one key, and another one by that key is refused', async () => {
    const { tenant, left } = await inStep();
    const [email, key] = [anEmail(), randomUUID()];
    const answers = await Promise.all(Array.from({ length: 5 }, () => take(tenant, { fields: { email } }, key)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    await expect(take(tenant, { fields: { email, lastName: 'Muster' } }, key)).rejects.toMatchObject({ kind: 'conflict' });
    await tenant.atRest();
    expect(people(left)).toHaveLength(1);
  });

  it('makes one contact where two of one person come at the same moment', async () => {
    const { tenant, left, right } = await inStep();
    const email = anEmail();
    await Promise.all([take(tenant, { fields: { email, firstName: 'Anna' } }), take(tenant, { fields: { email, lastName: 'Muster' } })]);
    await tenant.atRest();
    for (const account of [left, right]) expect(people(account)).toEqual([{ email, firstName: 'Anna', lastName: 'Muster', lifecycleStage: 'lead' }]);
  });

  it('that came while the accounts were read gives way to the contact whom one of them has', async () => {
    const tenant = world.tenant();
    const [left, right] = [await tenant.account(), await tenant.account()];
    const email = anEmail();
    left.put('contact', { email, lastName: 'Muster', lifecycleStage: 'opportunity' });
    await tenant.sync('contact');
    await take(tenant, { fields: { email, lastName: 'Other', phone: '+4915112345678' } });
    await tenant.atRest();
    for (const account of [left, right]) expect(people(account)).toEqual([{ email, lastName: 'Muster', lifecycleStage: 'opportunity', phone: '+4915112345678' }]);
  });

  it('is refused where there is no sync of contacts, and where it is not said which', async () => {
    const tenant = world.tenant();
    await expect(take(tenant, { fields: { email: anEmail() } })).rejects.toMatchObject({ kind: 'conflict' });
    const account = await tenant.account();
    const sync = await tenant.sync('contact', { name: 'one' });
    await tenant.account();
    const [, other] = [...tenant.accounts.keys()];
    await tenant.sync('contact', { name: 'other', sides: [{ connectionId: other ?? '', reads: true, writes: true }] });
    await expect(take(tenant, { fields: { email: anEmail() } })).rejects.toMatchObject({ kind: 'invalid' });
    await expect(take(tenant, { syncId: randomUUID(), fields: { email: anEmail() } })).rejects.toMatchObject({ kind: 'invalid' });
    await take(tenant, { syncId: sync.id, fields: { email: anEmail() } });
    await tenant.atRest();
    expect(people(account)).toHaveLength(1);
  });

  it.each([
    [{ fields: {} }, ['fields', 'email']],
    [{ fields: { email: 'anna' } }, ['fields', 'email']],
    [{ fields: { email: 'a@example.com', phone: '0151' } }, ['fields', 'phone']],
    [{ fields: { email: 'a@example.com', lifecycleStage: 'friend' } }, ['fields', 'lifecycleStage']],
    [{ fields: { email: 'a@example.com' }, custom: { lastName: 'Muster' } }, ['custom', 'lastName']],
    [{ fields: { email: 'a@example.com' }, overwrite: ['lastName'] }, ['overwrite', 0]],
  ])('is refused by the name of the field that is wrong: %j', (body, path) => {
    expect(leadSchema.safeParse(body).error?.issues.map((issue) => issue.path)).toEqual([path]);
  });
});
