import { formatDecimal, minorUnitDigits, parseMoney, type FieldDescription, type FieldValue } from '@crossdock/contracts';

/** What Salesforce sends and takes in JSON. */
export type WireValue = string | number | boolean | null;

/** A value as it is read, in the form of its field's type; what is no value of that type is as good as empty. */
export function readValue(type: FieldDescription['type'], value: unknown, currency: string | undefined): FieldValue {
  if (value === null || value === undefined || value === '') return null;
  switch (type) {
    case 'boolean': return typeof value === 'boolean' ? value : null;
    case 'integer': return typeof value === 'number' ? value : null;
    case 'decimal': return typeof value === 'number' ? plainDecimal(value) : null;
    case 'money': return typeof value === 'number' && currency !== undefined ? readMoney(value, currency) : null;
    case 'date_time': return typeof value === 'string' ? readTime(value) : null;
    case 'multi_picklist': return typeof value === 'string' ? [...new Set(value.split(';').filter((part) => part !== ''))].sort() : null;
    default: return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
  }
}

/** A value as it is written. Salesforce empties a field that is null. */
export function writeValue(value: FieldValue): WireValue {
  if (Array.isArray(value)) return value.join(';');
  if (typeof value === 'object' && value !== null) return Number(formatDecimal(value));
  return value;
}

/** Salesforce may keep more digits than the currency has; the rest is rounded. */
function readMoney(value: number, currency: string): FieldValue {
  return parseMoney(value.toFixed(minorUnitDigits(currency)), currency) ?? null;
}

function plainDecimal(value: number): string {
  return value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 18 });
}

/** Salesforce writes the zone as +0000. */
function readTime(value: string): string | null {
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
