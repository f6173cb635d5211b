import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { componentsOf, type IdentityLink } from './components.ts';

const link = (one: string, other: string): IdentityLink => ({ one, other });

function groupsOf(links: readonly IdentityLink[], exceptions: Parameters<typeof componentsOf>[2] = []): string[][] {
  const names = componentsOf(links.flatMap(({ one, other }) => [one, other]), links, exceptions);
  return [...Map.groupBy(names.keys(), (key) => names.get(key)).values()].map((group) => group.sort()).sort();
}

describe('who is one person', () => {
  it('follows from links of any length, and circles do no harm', () => {
    expect(groupsOf([link('contact:a/1', 'email:ada@x.de'), link('email:ada@x.de', 'contact:b/2'), link('contact:b/2', 'contact:a/1'), link('contact:a/9', 'email:eve@x.de')])).toEqual([
      ['contact:a/1', 'contact:b/2', 'email:ada@x.de'], ['contact:a/9', 'email:eve@x.de'],
    ]);
  });

  it('is undone where somebody says that two keys, or all that one joins, are not the same', () => {
    const links = [link('contact:a/1', 'email:ada@x.de'), link('contact:a/1', 'phone:+491'), link('contact:b/2', 'phone:+491')];
    expect(groupsOf(links)).toHaveLength(1);
    expect(groupsOf(links, [{ one: 'phone:+491', other: 'contact:b/2' }])).toEqual([['contact:a/1', 'email:ada@x.de', 'phone:+491'], ['contact:b/2']]);
    expect(groupsOf(links, [{ one: 'phone:+491' }])).toEqual([['contact:a/1', 'email:ada@x.de'], ['contact:b/2'], ['phone:+491']]);
  });

  it('is not said by a phone number that many share', () => {
    const links = [1, 2, 3, 4].map((id) => link(`contact:a/${id}`, 'phone:+491'));
    expect(groupsOf(links.slice(0, 3))).toHaveLength(1);
    expect(groupsOf(links)).toHaveLength(5);
  });

  it('does not depend on the order of links', () => {
    const anyKey = fc.constantFrom('email:a@x.de', 'email:b@x.de', 'contact:1/1', 'contact:1/2', 'contact:2/1', 'phone:+1', 'phone:+2');
    const anyLinks = fc.array(fc.record({ one: anyKey, other: anyKey }), { maxLength: 12 });
    const shuffled = anyLinks.chain((links) => fc.tuple(fc.constant(links), fc.shuffledSubarray(links, { minLength: links.length })));
    fc.assert(fc.property(shuffled, ([links, others]) => {
      const keys = links.flatMap(({ one, other }) => [one, other]);
      const [first, second] = [componentsOf(keys, links, []), componentsOf(keys.toReversed(), others, [])];
      for (const key of keys) expect(second.get(key)).toBe(first.get(key));
    }));
  });
});
