import { describe, expect, it } from '@jest/globals';
import { described } from './described-fields.fixture.ts';
import type { TransformName } from './field-mapping.ts';
import { Refusal, transforms } from './transforms.ts';

const option = (value: string, label = value, isActive = true) => ({ value, label, isActive });
const build = (name: TransformName, field = described('Field', 'text')) => transforms[name].build(field);

describe('country_name', () => {
  it('writes the English name and reads any spelling of it', () => {
    const { out, in: read } = build('country_name');
    expect([out('DE'), read('germany'), read('DE')]).toEqual(['Germany', 'DE', 'DE']);
    expect([out('QQ'), read('Entenhausen')]).toEqual([expect.any(Refusal), expect.any(Refusal)]);
  });

  it('writes the option of a picklist that is called like the country, by value or label', () => {
    const { out, in: read } = build('country_name', described('Country', 'picklist', {
      options: [option('USA', 'United States'), option('276', 'Germany'), option('Burma', 'Burma', false), option('Elsewhere')],
    }));
    expect([out('US'), out('DE'), read('276'), read('Burma')]).toEqual(['USA', '276', 'DE', 'MM']);
    expect([out('MM'), out('FR'), read('Elsewhere')]).toEqual([expect.any(Refusal), expect.any(Refusal), expect.any(Refusal)]);
  });
});

describe('website', () => {
  const { out, in: read } = build('website', described('Website', 'url'));

  it('writes an address and reads the host of one, without www', () => {
    expect(out('example.com')).toBe('https://example.com');
    expect(['https://www.Example.com/about?x=1', 'http://example.com', 'example.com/', ' www.example.com '].map((address) => read(address))).toEqual(Array(4).fill('example.com'));
  });

  it.each(['mailto:a@example.com', 'https://', 'not a site'])('reads no host in %s', (address) => {
    expect(read(address)).toBeInstanceOf(Refusal);
  });
});

describe('owner_email', () => {
  const { out, in: read } = build('owner_email', described('Owner', 'owner', {
    options: [option('1', 'Left@example.com', false), option('2', 'Anna@example.com', false), option('3', 'anna@example.com'), option('4', 'No mail')],
  }));

  it('writes the id of the active owner with the e-mail, in whatever case', () => {
    expect(out('ANNA@example.com')).toBe('3');
    expect([out('left@example.com'), out('nobody@example.com')]).toEqual([expect.any(Refusal), expect.any(Refusal)]);
  });

  it('reads the e-mail of an owner, also of one who has left', () => {
    expect([read('3'), read('1')]).toEqual(['anna@example.com', 'left@example.com']);
    expect([read('4'), read('99')]).toEqual([expect.any(Refusal), expect.any(Refusal)]);
  });
});

describe('truncate', () => {
  it('writes as much as the field holds, without a torn character or a space at its end', () => {
    const { out, in: read } = build('truncate', described('Name', 'text', { maxLength: 6 }));
    expect(['short', 'Muster & Co', 'Anna Muster', 'Ab de𝒳yz'].map((text) => out(text))).toEqual(['short', 'Muster', 'Anna M', 'Ab de']);
    expect(build('truncate', described('Name', 'text', { maxLength: 5 })).out('Anna Muster')).toBe('Anna');
    expect(read('Anna')).toBe('Anna');
  });

  it('writes all of it where the field has no limit', () => {
    expect(build('truncate').out('x'.repeat(1_000))).toHaveLength(1_000);
  });
});
