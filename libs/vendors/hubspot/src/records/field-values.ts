import { Failure, formatDecimal, moneySchema, parseMoney, type FieldDescription, type FieldValue } from '@crossdock/contracts';
import { toTimestamp } from '../hubspot.answers.ts';
import { currencyProperty } from '../hubspot.mapping.ts';

/** A property's text in the form of its type; undefined where it has no such form, since empty it is not. */
export function fromProperty(type: FieldDescription['type'], value: string | null, currency: string | undefined): FieldValue | undefined {
  if (value === null || value === '') return null;
  switch (type) {
    case 'boolean': return value === 'true';
    case 'integer': return Number.isSafeInteger(Number(value)) ? Number(value) : undefined;
    case 'decimal': return plainDecimal(value);
    case 'money': return currency === undefined ? undefined : parseMoney(value, currency);
    case 'date': return toTimestamp(value)?.slice(0, 10);
    case 'date_time': return toTimestamp(value);
    case 'multi_picklist': return chosen(value);
    default: return value;
  }
}

/** The properties that a field's value becomes; an empty text empties one. @throws Failure `invalid` where the value is not of the field's type. */
export function toProperties({ name, type }: FieldDescription, value: FieldValue): Record<string, string> {
  if (value === null) return { [name]: '' };
  if (type === 'money') {
    const money = moneySchema.safeParse(value);
    if (!money.success) throw unfitting(name);
    return { [name]: formatDecimal(money.data), [currencyProperty]: money.data.currency };
  }
  if (Array.isArray(value)) return { [name]: value.join(';') };
  if (typeof value === 'object') throw unfitting(name);
  return { [name]: String(value) };
}

const unfitting = (name: string): Failure => new Failure('invalid', `The value for ${name} is not of the type that the property has in HubSpot.`, { field: name });

function plainDecimal(value: string): string | undefined {
  if (/^-?\d+(\.\d+)?$/.test(value)) return value;
  return Number.isFinite(Number(value)) ? String(Number(value)) : undefined;
}

function chosen(value: string): string[] | null {
  const options = value.split(';').map((option) => option.trim()).filter((option) => option !== '').sort();
  return options.length > 0 ? options : null;
}
