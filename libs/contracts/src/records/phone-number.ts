import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';

const longestText = 64;

/**
 * E.164 of a phone number as people write it, dialled from a country (ISO 3166-1 alpha-2), or in international form where none is
 * given; undefined where it is none. Only lengths are checked, not number ranges: those are newly assigned faster than any
 * library learns of them.
 */
export function parsePhoneNumber(text: string, country?: string): string | undefined {
  const parsed = parsePhoneNumberFromString(text.slice(0, longestText), country !== undefined && isSupportedCountry(country) ? country : undefined);
  return parsed?.isPossible() ? parsed.number : undefined;
}
