/** Spaces, dots, dashes, slashes and brackets, as people write them into phone numbers; `(0)` is dialled inside the country only. */
const ornaments = /\(0\)|[\s\p{Dash}./()]/gu;

/** E.164 of a number that begins with + or 00, in whatever spelling; undefined where it does not tell its country. */
export function internationalNumber(text: string): string | undefined {
  const [, digits] = /^(?:\+|00)([1-9]\d{1,14})$/.exec(text.replaceAll(ornaments, '')) ?? [];
  return digits === undefined ? undefined : `+${digits}`;
}
