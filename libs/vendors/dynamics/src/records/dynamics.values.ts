import { Failure, formatDecimal, parseMoney, type FieldDescription, type FieldValue } from '@crossdock/contracts';
import { z } from 'zod';

/**
 * A value as Dataverse answers it in the form of its field's type; nothing and an empty text are null.
 * @returns undefined where it has no such form, such as an amount of a tenth of a cent: then it is not told at all.
 */
export function toFieldValue({ type }: FieldDescription, raw: unknown, currency: string | undefined): FieldValue | undefined {
  if (raw === null || raw === undefined || raw === '') return null;
  switch (type) {
    case 'boolean': return typeof raw === 'boolean' ? raw : undefined;
    case 'integer': return typeof raw === 'number' && Number.isSafeInteger(raw) ? raw : undefined;
    case 'decimal': return typeof raw === 'number' ? formatNumber(raw) : undefined;
    case 'money': return currency !== undefined && typeof raw === 'number' ? parseMoney(raw, currency) : undefined;
    case 'date': return z.iso.date().safeParse(typeof raw === 'string' ? raw.slice(0, 10) : raw).data;
    case 'date_time': return toTimestamp(raw);
    case 'picklist': return typeof raw === 'number' ? String(raw) : undefined;
    case 'multi_picklist': return typeof raw === 'string' ? raw.split(',').toSorted() : undefined;
    case 'owner': case 'reference': case 'text': case 'long_text': case 'email': case 'phone': case 'url': return typeof raw === 'string' ? raw : undefined;
  }
}

/** A value as Dataverse takes it, under the name that it is written by. @returns a Failure `invalid` where the environment cannot keep it. */
export function toDynamicsValue({ name, type }: FieldDescription, value: FieldValue): readonly [string, unknown] | Failure {
  if (type === 'reference') return new Failure('invalid', `The reference ${name} is written by associations only.`, { field: name });
  if (type === 'owner') {
    const { data: id } = z.uuid().safeParse(value);
    return id !== undefined ? [`${name}@odata.bind`, `/systemusers(${id})`] : new Failure('invalid', 'A row of Dynamics has an owner, by the id of a user.', { field: name });
  }
  if (value === null) return [name, null];
  if (typeof value === 'object' && 'amountMinor' in value) return [name, Number(formatDecimal(value))];
  switch (type) {
    case 'picklist': return isNumber(value) ? [name, Number(value)] : noOption(name);
    case 'multi_picklist': {
      const chosen = Array.isArray(value) ? value : [value];
      return chosen.every(isNumber) ? [name, chosen.join(',')] : noOption(name);
    }
    case 'decimal': return [name, Number(value)];
    default: return [name, value];
  }
}

const isNumber = (value: unknown): boolean => /^-?\d{1,10}$/.test(String(value));
const noOption = (name: string): Failure => new Failure('invalid', `The choice ${name} of Dynamics has no such option.`, { field: name });

/** Plain notation, whatever the size. */
const formatNumber = (value: number): string => (/e/.test(String(value)) ? value.toFixed(10).replace(/\.?0+$/, '') : String(value));

function toTimestamp(raw: unknown): string | undefined {
  const time = new Date(typeof raw === 'string' ? raw : Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
