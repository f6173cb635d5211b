/** What somebody typed to follow a record by: an e-mail address, or what names a record to `GET /v1/lineage`. */
export type RecordReference =
  | { readonly kind: 'email'; readonly email: string }
  | { readonly kind: 'record'; readonly record: string };

const longestRecord = 320;

/**
 * Understands what people copy from a shop, a CRM or a parcel: `#1042`, `order 1042`, a tracking number in groups, an address. Nothing where it is
 * empty or longer than any record's name.
 */
export function referenceOf(typed: string): RecordReference | undefined {
  const text = typed.trim();
  if (text === '' || text.length > longestRecord) return undefined;
  if (/^[^\s@/]+@[^\s@/]+$/.test(text)) return { kind: 'email', email: text.toLowerCase() };
  const bare = text.replace(/^(?:order|deal|shipment|parcel|tracking)?\s*(?:no\.?|number|#|:)?\s+(?=\S)/i, '').replace(/^#\s*/, '');
  return { kind: 'record', record: /^[A-Z0-9]+( [A-Z0-9]+)+$/.test(bare) ? bare.replaceAll(' ', '') : bare };
}
