import { Failure, formatDecimal, parseMoney, type FieldDescription, type FieldValue } from '@crossdock/contracts';
import { z } from 'zod';
import { zohoTime } from '../zoho.time.ts';

const linkSchema = z.object({ id: z.string().min(1) });

/**
 * A value as Zoho answers it in the form of its field's type; nothing and an empty text are null.
 * @returns undefined where it has no such form, such as an amount of a tenth of a cent: then it is not told at all.
 */
export function toFieldValue({ type }: FieldDescription, raw: unknown, currency: string | undefined): FieldValue | undefined {
  if (raw === null || raw === undefined || raw === '') return null;
  switch (type) {
    case 'boolean': return typeof raw === 'boolean' ? raw : undefined;
    case 'integer': return typeof raw === 'number' && Number.isSafeInteger(raw) ? raw : undefined;
    case 'decimal': return typeof raw === 'number' || typeof raw === 'string' ? String(raw) : undefined;
    case 'money': return currency !== undefined && (typeof raw === 'number' || typeof raw === 'string') ? parseMoney(raw, currency) : undefined;
    case 'date': return z.iso.date().safeParse(raw).data;
    case 'date_time': return toTimestamp(raw);
    case 'multi_picklist': return toList(raw);
    case 'owner': case 'reference': return linkSchema.safeParse(raw).data?.id;
    case 'picklist': return raw === '-None-' ? null : textOf(raw);
    case 'text': case 'long_text': case 'email': case 'phone': case 'url': return textOf(raw);
  }
}

/** The currencies of an organisation: its own, and those that a record of this kind may be in beside it. */
export interface Currencies {
  readonly own: string | undefined;
  readonly further: ReadonlySet<string>;
}

/** A value as Zoho takes it. @returns a Failure `invalid` where the organisation cannot keep it. */
export function toZohoValue({ name, type }: FieldDescription, value: FieldValue, { own, further }: Currencies): unknown {
  if (value === null) return null;
  if (typeof value === 'object' && 'amountMinor' in value) {
    return value.currency === own || further.has(value.currency)
      ? Number(formatDecimal(value))
      : new Failure('invalid', `The Zoho organisation has ${[own ?? 'a currency that is not known', ...[...further].filter((code) => code !== own)].join(', ')}; an amount in ${value.currency} cannot be kept there.`, { field: name });
  }
  switch (type) {
    case 'decimal': return Number(value);
    case 'date_time': return zohoTime(Date.parse(String(value)));
    case 'owner': case 'reference': return { id: value };
    case 'multi_picklist': return Array.isArray(value) ? value : [value];
    default: return value;
  }
}

const textOf = (raw: unknown): string | undefined => (typeof raw === 'string' ? raw : typeof raw === 'number' ? String(raw) : undefined);

function toTimestamp(raw: unknown): string | undefined {
  const time = new Date(typeof raw === 'string' ? raw : Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

function toList(raw: unknown): FieldValue | undefined {
  const list = z.array(z.string().min(1)).safeParse(raw);
  if (!list.success) return undefined;
  return list.data.length === 0 ? null : list.data.toSorted();
}
