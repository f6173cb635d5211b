import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { Failure } from '@crossdock/contracts';
import { checkRules } from '@crossdock/field-mapping';
import { derivedFields } from '../records/derived-fields.ts';
import type { CrmSuite } from './crm-world.ts';

/** What holds of descriptions, look-ups and reads. */
export function describeReading(suite: () => CrmSuite): void {
  it.each(['contact', 'company', 'deal'] as const)('describes the fields of a %s, those of the hub among them', async (object) => {
    const { world } = suite();
    const { fields } = await suite().describe(object);
    expect(new Set(fields.map(({ name }) => name)).size).toBe(fields.length);
    for (const [canonical, { field: name }] of Object.entries(world.connector.defaultMapping[object])) {
      const field = fields.find((each) => each.name === name);
      expect([canonical, field?.isReadOnly]).toEqual([canonical, false]);
    }
    for (const { type, options } of fields) if (type === 'picklist' || type === 'multi_picklist') expect(options).toEqual(expect.any(Array));
  });

  it.each(['contact', 'company', 'deal'] as const)('keeps the hub’s own fields of a %s where they fit', async (object) => {
    const { problems } = checkRules(suite().world.connector.defaultMapping[object], { fields: [], off: [] }, await suite().describe(object));
    // How long a field is, and what it needs beside the hub's own, is the account's affair.
    expect(problems.filter(({ code }) => !['too_long', 'required_unfilled'].includes(code))).toEqual([]);
  });

  it('describes whether a deal is won as a list of words', async () => {
    const { fields } = await suite().describe('deal');
    const status = fields.find(({ name }) => name === derivedFields.dealStatus);
    expect(status?.options?.map(({ value }) => value).sort()).toEqual(['lost', 'open', 'won']);
  });

  it('finds contacts by e-mail in whatever case, and nothing by one that nobody has', async () => {
    const { world, create } = suite();
    const field = suite().field('contact', 'email');
    const emails = [`${randomUUID()}@example.com`, `${randomUUID()}@example.com`];
    const ids = [];
    for (const email of emails) ids.push(await create('contact', suite().contact({ [field]: email })));
    const search = async (values: string[]) => world.connector.search(world.connection, await suite().selection('contact'), { field, values }, suite().signal);
    const deadline = Date.now() + 20_000;
    let found = await search(emails.map((email) => email.toUpperCase()));
    // A CRM may take moments until its search knows of a record.
    while (found.length < 2 && Date.now() < deadline) found = await search(emails.map((email) => email.toUpperCase()));
    expect(found.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(found.map(({ fields }) => fields[field]).sort()).toEqual([...emails].sort());
    expect(await search([`${randomUUID()}@example.com`])).toEqual([]);
  });

  it('tells what is there, what is no more, and is silent on what never was where the CRM knows that', async () => {
    const { world, create } = suite();
    const [present, gone] = [await create('contact', suite().contact()), await create('contact', suite().contact())];
    await world.connector.archive(world.connection, 'contact', [gone], suite().signal);
    const ids = [present, gone, world.unknownContactId, present];
    const found = await world.connector.getByIds(world.connection, await suite().selection('contact'), ids, suite().signal);
    const neverWas = world.knowsWhatNeverWas === false ? [world.unknownContactId] : [];
    expect([...found.keys()].sort()).toEqual([present, gone, ...neverWas].sort());
    for (const id of neverWas) expect(found.get(id)).toEqual({ object: 'contact', id, gone: 'archived' });
    expect(found.get(gone)).toEqual({ object: 'contact', id: gone, gone: 'archived' });
    expect(found.get(present)).toMatchObject({ object: 'contact', id: present, modifiedAt: expect.stringMatching(/Z$/) });
  });

  it('sees what a person changed', async () => {
    const { world, create, read } = suite();
    const name = suite().field('contact', 'lastName');
    const id = await create('contact', suite().contact());
    await world.person.edit({ object: 'contact', id }, { [name]: 'Beispiel' });
    expect((await read('contact', id)).fields[name]).toBe('Beispiel');
  });

  it('refuses to search where that cannot be done', async () => {
    const { world } = suite();
    const search = world.connector.search(world.connection, await suite().selection('contact'), { field: 'no_such_field', values: ['x'] }, suite().signal);
    await expect(search).rejects.toBeInstanceOf(Failure);
    await expect(search).rejects.toMatchObject({ kind: 'invalid' });
  });
}
