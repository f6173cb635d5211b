import type { CrmRecord, FieldSelection, RecordRef } from '@crossdock/crm-connector';
import { asFailure, type CrmObject, type FieldValue } from '@crossdock/contracts';
import type { PipedriveSession } from '../pipedrive.api.ts';
import type { FieldCodes } from '../pipedrive.hub-fields.ts';
import { pipedriveLimits } from '../pipedrive.limits.ts';
import { personIdsOf } from '../pipedrive.participants.ts';
import { kindOf, rowSchema, type Row } from './pipedrive.kinds.ts';
import { toFieldValue } from './pipedrive.values.ts';

const maxIdDigits = 15;

/** The numbers among these ids; others are none of Pipedrive's. */
export const numbersOf = (ids: readonly string[]): number[] => [...new Set(ids)].filter((id) => /^[1-9]\d*$/.test(id) && id.length <= maxIdDigits).map(Number);

/** What a list of deals has to be asked for, to know whom they are about. */
export const listQueryOf = (object: CrmObject): Readonly<Record<string, string>> => (object === 'deal' ? { include_fields: 'participants_count' } : {});

/** These records as they are now, archived deals too; one that is deleted or unknown is left out. @throws Failure */
export async function readRows(session: PipedriveSession, object: CrmObject, ids: readonly number[]): Promise<Row[]> {
  const { path } = kindOf(object);
  const rows: Row[] = [];
  for (let start = 0; start < ids.length; start += pipedriveLimits.idsPerCall) {
    const wanted = ids.slice(start, start + pipedriveLimits.idsPerCall);
    const present = await listByIds(session, object, path, wanted);
    const missing = wanted.filter((id) => !present.some((row) => row.id === id));
    const archived = object === 'deal' && missing.length > 0 ? await listByIds(session, object, `${path}/archived`, missing) : [];
    rows.push(...[...present, ...archived].filter((row) => !row.is_deleted));
  }
  return rows;
}

async function listByIds(session: PipedriveSession, object: CrmObject, path: string, ids: readonly number[]): Promise<Row[]> {
  const { rows } = await session.page({
    operation: `${kindOf(object).path}.list`, path: `${pipedriveLimits.apiV2}/${path}`, query: { ids: ids.join(','), limit: ids.length, ...listQueryOf(object) },
  }, rowSchema);
  return rows;
}

/** Which of these records, which are in no list, were deleted less than thirty days ago: a call each. @throws Failure */
export async function findDeleted(session: PipedriveSession, object: CrmObject, ids: readonly number[]): Promise<number[]> {
  const { path } = kindOf(object);
  const deleted: number[] = [];
  for (const id of ids) {
    try {
      const row = await session.call({ operation: `${path}.get`, path: `${pipedriveLimits.apiV2}/${path}/${id}` }, rowSchema);
      if (row.is_deleted) deleted.push(id);
    } catch (thrown) {
      if (asFailure(thrown).kind !== 'not_found') throw thrown;
    }
  }
  return deleted;
}

/** Records in the hub's form, those of deals with everybody who takes part. @throws Failure */
export async function toRecords(session: PipedriveSession, { description, fieldNames }: FieldSelection, rows: readonly Row[], codes: FieldCodes): Promise<CrmRecord[]> {
  const { object } = description;
  const selected = description.fields.filter(({ name }) => fieldNames.includes(name));
  const persons = object === 'deal' ? await personIdsOf(session, rows) : new Map<number, number[]>();
  return rows.map((row) => {
    const key = codes.key === undefined ? undefined : row.custom_fields[codes.key];
    return {
      object, id: String(row.id), modifiedAt: modifiedAtOf(row),
      ...(typeof key === 'string' && key !== '' && { key }),
      fields: Object.fromEntries(selected.flatMap((field): Array<[string, FieldValue]> => {
        const value = toFieldValue(field, row, codes);
        return value === undefined ? [] : [[field.name, value]];
      })),
      associations: associationsOf(object, row, persons.get(row.id) ?? []),
    };
  });
}

export const modifiedAtOf = ({ update_time: updated, add_time: added }: Row): string => new Date(updated ?? added).toISOString();

function associationsOf(object: CrmObject, { org_id: organization }: Row, personIds: readonly number[]): RecordRef[] {
  return [
    ...(object !== 'company' && organization ? [{ object: 'company', id: String(organization) } as const] : []),
    ...personIds.map(String).toSorted().map((id) => ({ object: 'contact', id } as const)),
  ];
}
