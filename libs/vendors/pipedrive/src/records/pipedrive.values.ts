import { derivedFields } from '@crossdock/crm-connector';
import { formatDecimal, parseMoney, type FieldDescription, type FieldValue } from '@crossdock/contracts';
import { z } from 'zod';
import type { FieldCodes } from '../pipedrive.hub-fields.ts';
import { toTimestamp } from '../pipedrive.mapping.ts';
import { currencyField, isHubDealField, hubDealFields, type Row } from './pipedrive.kinds.ts';

const moneySchema = z.object({ value: z.number(), currency: z.string().regex(/^[A-Z]{3}$/) });
const idSchema = z.union([z.int(), z.string().min(1), z.object({ id: z.int() }).transform(({ id }) => id), z.object({ value: z.int() }).transform(({ value }) => value)]).transform(String);

/**
 * A field of a record in the hub's form; nothing and an empty text are null.
 * @returns undefined where it has no such form, such as an amount of a tenth of a cent: then it is not told at all.
 */
export function toFieldValue(field: FieldDescription, row: Row, codes: FieldCodes): FieldValue | undefined {
  if (isHubDealField(field.name)) {
    const code = codes[hubDealFields[field.name].role];
    return code === undefined ? null : ofType(field, row.custom_fields[code]);
  }
  switch (field.name) {
    case 'first_name': return row.last_name ? textOf(row.first_name) : null;
    // A name of one word is a last name: that is what is known of most.
    case 'last_name': return textOf(row.last_name) ?? textOf(row.name);
    case 'email': return textOf(mainOf(row.emails));
    case 'phone': return textOf(mainOf(row.phones));
    case 'name': return textOf(row.name);
    case 'website': return textOf(row.website);
    case 'title': return textOf(row.title);
    case 'value': return row.value === undefined || row.value === null ? null : parseMoney(row.value, row.currency ?? '');
    case currencyField: return textOf(row.currency);
    case 'expected_close_date': return textOf(row.expected_close_date);
    case 'owner_id': return idOf(row.owner_id);
    case 'stage_id': return idOf(row.stage_id);
    case derivedFields.dealStatus: return statusOf(row);
    case derivedFields.dealClosedAt: return toTimestamp(statusOf(row) === 'open' ? null : (statusOf(row) === 'won' ? row.won_time : row.lost_time) ?? row.close_time) ?? null;
    // One that is not there at all was removed by an administrator: that empties nothing.
    default: return field.name in row.custom_fields ? ofType(field, row.custom_fields[field.name]) : undefined;
  }
}

/** Whether a deal is open, whatever else its pages say of it. */
export const statusOf = ({ status }: Pick<Row, 'status'>): 'open' | 'won' | 'lost' => (status === 'won' || status === 'lost' ? status : 'open');

/** The main one of a person's addresses or numbers. */
export const mainOf = (values: Row['emails']): string | undefined => (values?.find(({ primary }) => primary === true) ?? values?.[0])?.value;

/** A field of the company's own as Pipedrive takes it: options and records go by number. */
export function toCustomValue({ type }: FieldDescription, value: FieldValue): unknown {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map(Number);
  if (typeof value === 'object') return { value: Number(formatDecimal(value)), currency: value.currency };
  return ['decimal', 'picklist', 'owner', 'reference'].includes(type) ? Number(value) : type === 'multi_picklist' ? [Number(value)] : value;
}

function ofType({ type }: FieldDescription, raw: unknown): FieldValue | undefined {
  if (raw === null || raw === undefined || raw === '') return null;
  switch (type) {
    case 'decimal': return typeof raw === 'number' ? String(raw) : undefined;
    case 'money': {
      const money = moneySchema.safeParse(raw).data;
      return money && parseMoney(money.value, money.currency);
    }
    case 'picklist': case 'owner': case 'reference': return idSchema.safeParse(raw).data;
    case 'multi_picklist': {
      const list = z.array(idSchema).safeParse(raw).data;
      return list && (list.length === 0 ? null : list.toSorted());
    }
    default: return typeof raw === 'string' ? raw : undefined;
  }
}

const textOf = (text: string | null | undefined): string | null => (text === undefined || text === null || text.trim() === '' ? null : text);
const idOf = (id: number | null | undefined): string | null => (id === undefined || id === null ? null : String(id));
