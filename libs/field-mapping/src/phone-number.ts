import { parsePhoneNumber } from '@crossdock/contracts';

/** Spaces, dots, dashes, slashes and brackets, as people write them into phone numbers; `(0)` is dialled inside the country only. */
const ornaments = /\(0\)|[\s\p{Dash}./()]/gu;

/**
 * E.164 of a number in whatever spelling that begins with + or 00, or is dialled in the record's country; undefined where it
 * does not tell its country, and nothing else does.
 */
export function readPhoneNumber(text: string, country: string | undefined): string | undefined {
  const [, digits] = /^(?:\+|00)([1-9]\d{1,14})$/.exec(text.replaceAll(ornaments, '')) ?? [];
  if (digits !== undefined) return `+${digits}`;
  return country === undefined ? undefined : parsePhoneNumber(text, country);
}
