import { describe, expect, it } from '@jest/globals';
import { countryCode, countryCodes, countryName } from './country-names.ts';

describe('the names of countries', () => {
  it('are there for the 249 countries of ISO 3166-1, and each is read as its code', () => {
    expect(countryCodes.size).toBe(249);
    for (const code of countryCodes) expect([code, countryCode(countryName(code) ?? '')]).toEqual([code, code]);
  });

  it.each([
    ['United States of America', 'US'], ['u.s.a.', 'US'], ['UK', 'GB'], ['de', 'DE'], ['Turkey', 'TR'], ['Türkiye', 'TR'], ['Côte d’Ivoire', 'CI'], ['Cote d\'Ivoire', 'CI'],
    ['Bosnia & Herzegovina', 'BA'], ['Saint Lucia', 'LC'], ['The Netherlands', 'NL'], ['Gambia, The', 'GM'], ['Korea, Republic of', 'KR'],
    ['Korea, Democratic People\'s Republic of', 'KP'], ['Tanzania, United Republic of', 'TZ'], ['Hong Kong SAR China', 'HK'], ['Curacao', 'CW'],
  ])('are read as people and vendors write them: %s', (name, code) => {
    expect(countryCode(name)).toBe(code);
  });

  it.each(['', 'Atlantis', 'EU', 'Europe', 'AN', 'XK', 'ZZ', '49'])('are none of this: %s', (name) => {
    expect([countryCode(name), countryName(name)]).toEqual([undefined, undefined]);
  });
});
