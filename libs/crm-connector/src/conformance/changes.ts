import { expect, it } from '@jest/globals';
import type { CrmSuite } from './crm-world.ts';

/** What holds of lists of changes. */
export function describeChanges(suite: () => CrmSuite): void {
  it.each(['contact', 'company', 'deal'] as const)('tells of every %s there is, and then of what changes', async (object) => {
    const { create, changesSince, world } = suite();
    const ids = [await create(object, suite().sample(object)), await create(object, suite().sample(object))];
    const all = await changesSince(object);
    expect([...all.records.keys()]).toEqual(expect.arrayContaining(ids));
    const later = await create(object, suite().sample(object));
    const name = suite().field(object, object === 'contact' ? 'lastName' : 'name');
    await world.person.edit({ object, id: ids[0] ?? '' }, { [name]: 'Beispiel' });
    const since = await changesSince(object, all.cursor);
    expect([...since.records.keys()]).toEqual(expect.arrayContaining([ids[0], later]));
    expect(since.records.get(ids[0] ?? '')?.fields[name]).toBe('Beispiel');
  });

  it('tells what changes from now on, without a list of everything where the CRM needs none', async () => {
    const { create, changesSince, world } = suite();
    const cursor = world.connector.cursorFromNow?.() ?? (await changesSince('deal')).cursor;
    const later = await create('deal', suite().deal());
    expect((await changesSince('deal', cursor)).records.has(later)).toBe(true);
  });

  it('tells a record as it would be read', async () => {
    const { create, read, changesSince } = suite();
    const company = { object: 'company' as const, id: await create('company', suite().company()) };
    const contact = { object: 'contact' as const, id: await create('contact', suite().contact(), { associate: [company] }) };
    const deal = await create('deal', suite().deal('won'), { associate: [company, contact] });
    expect((await changesSince('contact')).records.get(contact.id)).toEqual(await read('contact', contact.id));
    expect((await changesSince('deal')).records.get(deal)).toEqual(await read('deal', deal));
  });

  it('tells of a change of associations alone', async () => {
    const { create, changesSince, world } = suite();
    const company = { object: 'company' as const, id: await create('company', suite().company()) };
    const contact = { object: 'contact' as const, id: await create('contact', suite().contact()) };
    const deal = { object: 'deal' as const, id: await create('deal', suite().deal()) };
    const [contacts, deals] = [await changesSince('contact'), await changesSince('deal')];
    await world.person.associate(contact, company);
    await world.person.associate(deal, contact);
    expect((await changesSince('contact', contacts.cursor)).records.get(contact.id)?.associations).toEqual([company]);
    expect((await changesSince('deal', deals.cursor)).records.get(deal.id)?.associations).toEqual([contact]);
  });

  it('tells of what a person deleted, and of nothing else that it were gone', async () => {
    const { create, changesSince, world } = suite();
    const [id] = [await create('contact', suite().contact()), await create('contact', suite().contact())];
    const before = await changesSince('contact');
    await world.person.delete({ object: 'contact', id });
    const { gone } = await changesSince('contact', before.cursor);
    expect([...gone.keys()].filter((each) => before.records.has(each))).toEqual([id]);
    expect(gone.get(id)).toEqual({ object: 'contact', id, gone: 'archived' });
  });

  it('tells that a merged record is no more and, where the CRM says it, which one it went into', async () => {
    const { create, changesSince, world } = suite();
    const [winner, loser] = [await create('contact', suite().contact()), await create('contact', suite().contact())];
    const before = await changesSince('contact');
    const left = await world.person.mergeContacts(winner, loser);
    const after = await changesSince('contact', before.cursor);
    const told = world.tellsWhereMergedWent === false ? { gone: 'archived' } : { gone: 'merged', mergedInto: left };
    for (const id of [winner, loser].filter((each) => each !== left)) expect(after.gone.get(id)).toEqual({ object: 'contact', id, ...told });
    expect(after.records.has(left)).toBe(true);
    // Whoever hears of a record of a new id first can tell what it was.
    if (left !== winner && left !== loser) expect(after.records.get(left)?.mergedFrom).toEqual(expect.arrayContaining([winner, loser]));
  });

  it('misses none of many that changed at one time, and comes to an end', async () => {
    const { changesSince, world } = suite();
    const before = await changesSince('contact');
    const ids = await world.importContacts();
    const { records, pages } = await changesSince('contact', before.cursor);
    expect(ids.filter((id) => !records.has(id))).toEqual([]);
    expect(pages).toBeGreaterThan(1);
  });

  it('misses none while pages are read and records move', async () => {
    const { changesSince, world } = suite();
    const ids = await world.importContacts();
    const selection = await suite().selection('contact');
    const name = suite().field('contact', 'lastName');
    const [first, last] = [ids[0] ?? '', ids.at(-1) ?? ''];
    const page = await world.connector.listChanges(world.connection, selection, undefined, suite().signal);
    await world.person.edit({ object: 'contact', id: first }, { [name]: 'Moved' });
    await world.person.delete({ object: 'contact', id: last });
    const rest = await changesSince('contact', page.cursor);
    const told = new Set([...page.records.map(({ id }) => id), ...rest.records.keys(), ...rest.gone.keys()]);
    expect(ids.filter((id) => !told.has(id))).toEqual([]);
    expect(rest.records.get(first)?.fields[name]).toBe('Moved');
  });

  it('says that a cursor is too old, or none of its own', async () => {
    const { world } = suite();
    const selection = await suite().selection('contact');
    for (const cursor of [await world.forgottenCursor(), 'no cursor']) {
      await expect(world.connector.listChanges(world.connection, selection, cursor, suite().signal)).rejects.toMatchObject({ kind: 'cursor_expired' });
    }
  });
}
