import type { FieldDescription } from '@crossdock/contracts';
import type { FieldSelection } from '@crossdock/crm-connector';
import { z } from 'zod';
import { associationFieldsOf } from '../records/zoho.modules.ts';
import { rowSchema, type ZohoRow } from '../records/zoho.rows.ts';

/** Records as a job's CSV has them, in the form in which the interface answers them: there everything is text, and a lookup its id. */
export function rowsFrom({ description: { object, fields } }: FieldSelection, rows: ReadonlyArray<Readonly<Record<string, string>>>): ZohoRow[] {
  const types = new Map(fields.map(({ name, type }) => [name, type]));
  const links = new Set(associationFieldsOf(object));
  return z.array(rowSchema).parse(rows.map(({ Id: id, ...values }) => ({
    ...Object.fromEntries(Object.entries(values).map(([name, text]) => [name, links.has(name) ? linkOf(text) : valueOf(types.get(name), text)])), id,
  })));
}

function valueOf(type: FieldDescription['type'] | undefined, text: string): unknown {
  if (text === '') return null;
  switch (type) {
    case 'boolean': return text.toLowerCase() === 'true';
    case 'integer': return Number(text);
    case 'owner': case 'reference': return linkOf(text);
    case 'multi_picklist': return text.split(';').map((part) => part.trim()).filter((part) => part !== '');
    default: return text;
  }
}

function linkOf(text: string): { readonly id: string } | null {
  return text === '' ? null : { id: text };
}
