import { fieldValueSchema, moneySchema, type FieldDescription, type FieldType } from '@crossdock/contracts';
import { z } from 'zod';
import { Refusal, type Conversion } from './transforms.ts';

const day = z.iso.date();
const point = z.iso.datetime({ precision: 3 });
const texts = ['text', 'long_text', 'email', 'phone', 'url'] as const satisfies readonly FieldType[];
const textTypes: ReadonlySet<FieldType> = new Set(texts);

/** Whether a value has the form that a field's type has. */
function hasForm(type: FieldType, value: unknown): boolean {
  switch (type) {
    case 'integer': return Number.isSafeInteger(value);
    case 'boolean': return typeof value === 'boolean';
    case 'money': return moneySchema.safeParse(value).success;
    case 'multi_picklist': return Array.isArray(value) && fieldValueSchema.safeParse(value).success;
    case 'decimal': return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value);
    case 'date': return day.safeParse(value).success;
    case 'date_time': return point.safeParse(value).success;
    default: return typeof value === 'string' && value !== '';
  }
}

/** What the types are called in sentences. */
export const typeNames: Readonly<Record<FieldType, string>> = {
  text: 'a text', long_text: 'a long text', email: 'an e-mail', phone: 'a phone number', url: 'a web address', integer: 'a whole number',
  decimal: 'a decimal number', money: 'an amount with its currency', boolean: 'yes or no', date: 'a day', date_time: 'a point in time',
  picklist: 'one of a list', multi_picklist: 'several of a list', owner: 'an owner', reference: 'a reference to another record',
};

/** Lets through what the account will take as far as its description tells. */
export function vendorValueGate({ type, maxLength, options }: FieldDescription): Conversion {
  const wrongForm = new Refusal(`takes ${typeNames[type]}, which the value is not.`);
  const tooLong = new Refusal(`takes ${maxLength ?? 0} characters, and the value has more; shorten it, or use the transform truncate.`);
  const noOption = new Refusal('has no active option for the value; add it in the account, or name its counterpart in the mapping.');
  const active = new Set(options?.filter(({ isActive }) => isActive).map(({ value }) => value));
  const isChoice = type === 'picklist' || type === 'multi_picklist' || (type === 'owner' && options !== undefined);
  return (value) => {
    if (!hasForm(type, value)) return wrongForm;
    if (isChoice && !(Array.isArray(value) ? value : [value]).every((each) => typeof each === 'string' && active.has(each))) return noOption;
    // Some vendors count characters and others their halves: only what is too long for both is refused here.
    if (maxLength !== undefined && typeof value === 'string' && textTypes.has(type) && value.length > maxLength && Array.from(value).length > maxLength) return tooLong;
    return value;
  };
}
