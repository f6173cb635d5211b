import { randomInt, randomUUID } from 'node:crypto';
import { derivedFields } from '../records/derived-fields.ts';
import { expect, it } from '@jest/globals';
import { Failure } from '@crossdock/contracts';
import { outcomeOf, type CrmSuite } from './crm-world.ts';

/** What holds of writes. */
export function describeWriting(suite: () => CrmSuite): void {
  it.each(['contact', 'company', 'deal'] as const)('makes a %s of a key once, however often it is asked for', async (object) => {
    const { world, newly, written, read } = suite();
    const write = newly(suite().sample(object));
    const before = await world.count(object);
    const [first] = await written(object, write);
    const [second] = await written(object, write);
    expect([first?.created, second?.created, second?.id]).toEqual([true, false, first?.id]);
    expect(await world.count(object)).toBe(before + 1);
    expect(await read(object, first?.id ?? '')).toMatchObject({ object, id: first?.id, fields: write.fields });
    expect((await read(object, first?.id ?? '')).key).toBe('key' in write.target && write.target.key);
  });

  it('keeps the lines of an order and its shop on a deal, and what the lines are after the order was edited', async () => {
    const { create, written, read } = suite();
    const [lines, shop] = [suite().field('deal', 'lineItems'), suite().field('deal', 'orderSource')];
    const told = { [lines]: '2 × Cocoa [COCOA-1], 14.00 EUR each, 28.00 EUR\n1 × Tea, 5.00 EUR', [shop]: 'shop.example.com' };
    const id = await create('deal', { ...suite().deal(), ...told });
    expect((await read('deal', id)).fields).toMatchObject(told);
    const edited = `1 × Tea, 5.00 EUR\n${'…'.repeat(1_980)}`;
    await written('deal', { target: { id }, fields: { [lines]: edited } });
    expect((await read('deal', id)).fields).toMatchObject({ [lines]: edited, [shop]: 'shop.example.com' });
  });

  it('keeps on a deal which sample it asks for and where that stands', async () => {
    const { create, written, read } = suite();
    const [request, status] = [suite().field('deal', 'sampleRequest'), suite().field('deal', 'sampleStatus')];
    const id = await create('deal', { ...suite().deal(), [request]: '3 x starter' });
    await written('deal', { target: { id }, fields: { [status]: 'label_purchased' } });
    expect((await read('deal', id)).fields).toMatchObject({ [request]: '3 x starter', [status]: 'label_purchased' });
    await written('deal', { target: { id }, fields: { [request]: null } });
    expect((await read('deal', id)).fields).toMatchObject({ [request]: null, [status]: 'label_purchased' });
  });

  it('takes one key twice in one call', async () => {
    const { written, newly, read } = suite();
    const write = newly(suite().deal());
    const name = suite().field('deal', 'name');
    const [first, second] = await written('deal', write, { ...write, fields: { ...write.fields, [name]: 'Renamed' } });
    expect([first?.created, second?.created, second?.id]).toEqual([true, false, first?.id]);
    expect((await read('deal', first?.id ?? '')).fields[name]).toBe('Renamed');
  });

  it('changes the fields it is given and no others, and empties one that is to be empty', async () => {
    const { create, written, read } = suite();
    const [firstName, lastName] = [suite().field('contact', 'firstName'), suite().field('contact', 'lastName')];
    const fields = suite().contact({ [firstName]: 'Anna', [lastName]: 'Muster' });
    const id = await create('contact', fields);
    await written('contact', { target: { id }, fields: { [lastName]: 'Beispiel' } });
    expect((await read('contact', id)).fields).toMatchObject({ ...fields, [firstName]: 'Anna', [lastName]: 'Beispiel' });
    await written('contact', { target: { id }, fields: { [firstName]: null } });
    expect((await read('contact', id)).fields[firstName]).toBeNull();
  });

  it('adopts a contact that a person made, once', async () => {
    const { world, write, read } = suite();
    const emailField = suite().field('contact', 'email');
    const email = `${randomUUID()}@example.com`;
    const id = await world.person.create('contact', suite().contact({ [emailField]: email }));
    const before = await world.count('contact');
    const adopting = { target: { key: randomUUID(), adoptBy: [{ field: emailField, value: email.toUpperCase() }] }, fields: { [suite().field('contact', 'lastName')]: 'Beispiel' } };
    const [first] = await write('contact', adopting);
    expect(first).toMatchObject({ outcome: 'written', id, created: false });
    expect((await write('contact', adopting))[0]).toMatchObject({ id, created: false });
    expect(await world.count('contact')).toBe(before);
    expect((await read('contact', id)).key).toBe(adopting.target.key);
  });

  it('takes for the one that is meant a record by its address whatever key it keeps, then by its phone number where it has no address', async () => {
    const { write, written, create, read } = suite();
    const [emailField, phoneField, name] = [suite().field('contact', 'email'), suite().field('contact', 'phone'), suite().field('contact', 'lastName')];
    const [email, phone] = [`${randomUUID()}@example.com`, `+49151${String(randomInt(10_000_000)).padStart(8, '0')}`];
    const meaning = (address: string, number?: string) => ({
      target: { key: randomUUID(), adoptBy: [
        { field: emailField, value: address, anyKey: true as const },
        ...(number === undefined ? [] : [{ field: phoneField, value: number, anyKey: true as const, whereEmpty: emailField }]),
      ] },
      fields: { [emailField]: address, [name]: 'Beispiel' },
    });
    const keyed = { target: { key: randomUUID() }, fields: suite().contact({ [emailField]: email, [phoneField]: phone }) };
    const [first] = await written('contact', keyed);
    for (const again of [meaning(email.toUpperCase()), meaning(email, phone)]) expect(await write('contact', again)).toMatchObject([{ id: first?.id, created: false }]);
    expect(await read('contact', first?.id ?? '')).toMatchObject({ key: keyed.target.key, fields: { [name]: 'Beispiel' } });

    const unlike = await written('contact', meaning(`${randomUUID()}@example.com`, phone));
    expect(unlike).toMatchObject([{ created: true }]);
    const other = `+49152${String(randomInt(10_000_000)).padStart(8, '0')}`;
    const byPhone = await create('contact', { [name]: 'Muster', [phoneField]: other });
    const [taken] = await written('contact', meaning(`${randomUUID()}@example.com`, other));
    expect(taken).toMatchObject({ id: byPhone, created: false });
  });

  it('gives a record that it creates more than one that is there already', async () => {
    const { write, read } = suite();
    const [name, phone] = [suite().field('contact', 'lastName'), suite().field('contact', 'phone')];
    const company = { object: 'company' as const, id: await suite().create('company', suite().company()) };
    const make = (number: string) => ({
      target: { key: randomUUID() }, fields: suite().contact(), whenCreated: { fields: { [phone]: number }, associate: [company] },
    });
    const first = make('+4915112345678');
    const [created] = await write('contact', first);
    const id = created && 'id' in created ? created.id : '';
    expect(await read('contact', id)).toMatchObject({ fields: { [phone]: '+4915112345678' }, associations: [company] });
    await suite().written('contact', { target: { id }, fields: { [phone]: '+4915187654321' }, dissociate: [company] });
    await suite().written('contact', { ...first, fields: { [name]: 'Beispiel' } });
    expect(await read('contact', id)).toMatchObject({ fields: { [name]: 'Beispiel', [phone]: '+4915187654321' }, associations: [] });
  });

  it('holds back no other record for one that is refused', async () => {
    const { world, write, newly } = suite();
    for (const { because, object, fields, field } of world.refused) {
      const results = await write(object, newly(suite().sample(object)), newly({ ...suite().sample(object), ...fields }), newly(suite().sample(object)));
      expect([because, ...results.map(outcomeOf)]).toEqual([because, 'created', 'invalid', 'created']);
      if (field !== undefined) expect([because, results[1] instanceof Failure && results[1].field]).toEqual([because, field]);
      for (const value of Object.values(fields)) expect(results[1] instanceof Failure && results[1].message).not.toContain(typeof value === 'string' ? value : JSON.stringify(value));
    }
  });

  it('says which record it does not find', async () => {
    const { world, write, create } = suite();
    const gone = await create('contact', suite().contact());
    await world.connector.archive(world.connection, 'contact', [gone], suite().signal);
    const fields = { [suite().field('contact', 'lastName')]: 'Beispiel' };
    const present = await create('contact', suite().contact());
    const results = await write('contact', ...[world.unknownContactId, gone, present].map((id) => ({ target: { id }, fields })));
    expect(results.map(outcomeOf)).toEqual(['not_found', 'not_found', 'changed']);
  });

  it('associates and takes that back', async () => {
    const { create, written, read } = suite();
    const company = { object: 'company' as const, id: await create('company', suite().company()) };
    const contact = { object: 'contact' as const, id: await create('contact', suite().contact(), { associate: [company] }) };
    expect((await read('contact', contact.id)).associations).toEqual([company]);
    const deal = await create('deal', suite().deal(), { associate: [contact, company] });
    await written('deal', { target: { id: deal }, fields: {}, associate: [contact, company] });
    expect((await read('deal', deal)).associations).toEqual([company, contact]);
    await written('deal', { target: { id: deal }, fields: {}, dissociate: [contact] });
    expect((await read('deal', deal)).associations).toEqual([company]);
    await written('contact', { target: { id: contact.id }, fields: {}, dissociate: [company] });
    expect((await read('contact', contact.id)).associations).toEqual([]);
  });

  it.each(['won', 'lost'] as const)('keeps that a deal is %s, and since when', async (status) => {
    const { create, read } = suite();
    const fields = suite().deal(status);
    expect((await read('deal', await create('deal', fields))).fields).toMatchObject(fields);
  });

  it('leaves an open deal in the stage that people gave it, and does not open one that they closed', async () => {
    const { world, create, written, read } = suite();
    const [id, stage] = [await create('deal', suite().deal()), async (dealId: string) => (await read('deal', dealId)).fields[derivedFields.dealStatus]];
    await world.person.advance(id);
    const { modifiedAt: _, ...advanced } = await read('deal', id);
    await written('deal', { target: { id }, fields: { [derivedFields.dealStatus]: 'open' } });
    expect(await read('deal', id)).toMatchObject(advanced);
    await world.person.closeAsWon(id);
    await written('deal', { target: { id }, fields: { [derivedFields.dealStatus]: 'open' } });
    expect(await stage(id)).toBe('won');
  });

  it('archives a record once', async () => {
    const { world, create } = suite();
    const ids = [await create('contact', suite().contact()), await create('contact', suite().contact())];
    const before = await world.count('contact');
    const archive = () => world.connector.archive(world.connection, 'contact', ids, suite().signal);
    expect(await archive()).toEqual(['archived', 'archived']);
    expect(await archive()).toEqual(['archived', 'archived']);
    expect(await world.count('contact')).toBe(before - 2);
  });

  it('archives nothing by the id of a record that has become another one', async () => {
    const { world, create } = suite();
    const ids = [await create('contact', suite().contact()), await create('contact', suite().contact())] as const;
    const left = await world.person.mergeContacts(...ids);
    await world.connector.archive(world.connection, 'contact', ids.filter((id) => id !== left), suite().signal);
    expect((await world.connector.getByIds(world.connection, await suite().selection('contact'), [left], suite().signal)).get(left)).not.toHaveProperty('gone');
  });
}
