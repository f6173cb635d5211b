/** A shop's record without what could name or reach a person. */
export type RedactedPayload = Readonly<Record<string, unknown>>;

/** Texts that say how an order stands and what it costs. Every other text may be a person's own and is put away. */
const keptTexts = /^(status|currency|number|version|sku|method_id|payment_method|created_via|type|reason_code|(.*_)?(total|subtotal|tax|amount|price|rate)|date_.*|.*_gmt)$/;
const keptLength = 64;
const mostEntries = 50;
const deepest = 4;
const putAway = '[redacted]';

/** Numbers and booleans stay, and texts under the keys above; what is deep, long or many is cut. */
export function redactPayload(payload: Readonly<Record<string, unknown>>): RedactedPayload {
  return redactObject(payload, 1);
}

function redactObject(value: object, depth: number): RedactedPayload {
  return Object.fromEntries(Object.entries(value).slice(0, mostEntries).map(([key, each]) => [key, redact(key, each, depth)]));
}

function redact(key: string, value: unknown, depth: number): unknown {
  if (value === null || typeof value === 'boolean' || value === '') return value;
  // An order's own numbers; a number that stands in for a person's, such as a customer's id, leads to nobody outside of the shop.
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return keptTexts.test(key) && value.length <= keptLength ? value : putAway;
  if (depth >= deepest) return putAway;
  if (Array.isArray(value)) return value.slice(0, mostEntries).map((each: unknown) => redact(key, each, depth + 1));
  return typeof value === 'object' ? redactObject(value, depth + 1) : putAway;
}
