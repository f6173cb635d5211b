/** Codes that CLDR has names for and ISO 3166-1 does not assign to a country: groups, exceptional reservations, and codes for tests. */
const notCountries = new Set(['AC', 'CP', 'CQ', 'DG', 'EA', 'EU', 'EZ', 'IC', 'QO', 'TA', 'UN', 'XA', 'XB', 'XK', 'ZZ']);

/** What people and vendors write where CLDR has another English name. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  AE: ['UAE'], BO: ['Plurinational State of Bolivia'], BN: ['Brunei Darussalam'], CD: ['Democratic Republic of the Congo', 'DR Congo'],
  CG: ['Congo', 'Republic of the Congo'], CI: ['Ivory Coast'], CV: ['Cabo Verde'], CZ: ['Czech Republic'], FK: ['Falkland Islands (Malvinas)'],
  FM: ['Federated States of Micronesia'], GB: ['UK', 'Great Britain', 'United Kingdom of Great Britain and Northern Ireland'],
  IR: ['Islamic Republic of Iran'], KP: ["Democratic People's Republic of Korea"], KR: ['Republic of Korea', 'Korea'],
  LA: ["Lao People's Democratic Republic"], MD: ['Republic of Moldova'], MK: ['Macedonia'], MM: ['Burma'], NL: ['The Netherlands', 'Holland'],
  PS: ['Palestine', 'State of Palestine'], RU: ['Russian Federation'], SY: ['Syrian Arab Republic'], SZ: ['Swaziland'],
  TL: ['East Timor'], TR: ['Turkey'], TW: ['Taiwan, Province of China'], TZ: ['United Republic of Tanzania'],
  US: ['USA', 'United States of America', 'U.S.', 'U.S.A.'], VA: ['Holy See'], VE: ['Bolivarian Republic of Venezuela'], VN: ['Viet Nam'],
};

const [long, short] = (['long', 'short'] as const).map((style) => new Intl.DisplayNames('en', { type: 'region', style, fallback: 'none' }));
const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));

/** English names by ISO 3166-1 alpha-2 code, after CLDR as Node ships it, in plain spelling: `Bosnia and Herzegovina`, `Hong Kong`. */
const nameOfCode = new Map(letters.flatMap((first) => letters.map((second) => `${first}${second}`)).flatMap((code) => {
  const name = long?.of(code);
  return name === undefined || notCountries.has(code) || isWithdrawn(code) ? [] : [[code, plain(name)] as const];
}));

const codeOfName = new Map([...nameOfCode].flatMap(([code, name]) =>
  [code, name, long?.of(code) ?? name, short?.of(code) ?? name, ...otherNames[code] ?? []].map((each) => [folded(each), code] as const)));

export const countryCodes: ReadonlySet<string> = new Set(nameOfCode.keys());
/** In characters. */
export const longestCountryName = Math.max(...[...nameOfCode.values()].map(({ length }) => length));

/** The English name of a country, or undefined for a code that ISO 3166-1 does not assign. */
export function countryName(code: string): string | undefined {
  return nameOfCode.get(code);
}

/**
 * The code of a country by its English name in any usual spelling (`Korea, Republic of` as well), or by its code; undefined
 * where no country is called that.
 */
export function countryCode(name: string): string | undefined {
  const [first = '', second] = name.split(',', 2);
  return codeOfName.get(folded(name)) ?? (second === undefined ? undefined : codeOfName.get(folded(`${second} ${first}`)));
}

/** CLDR knows by which code a withdrawn one was followed. */
function isWithdrawn(code: string): boolean {
  return new Intl.Locale(`und-${code}`).region !== code;
}

function plain(name: string): string {
  return name.replace('&', 'and').replace('’', "'").replace(/ SAR China$/, '').replace(/ \(.+\)$/, '');
}

function folded(name: string): string {
  return name.normalize('NFD').toLowerCase().replaceAll('&', 'and').replaceAll(/\bsaint\b/g, 'st').replaceAll(/\bthe\b/g, '').replaceAll(/[^a-z]/g, '');
}
