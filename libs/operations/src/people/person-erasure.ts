import type { EntityManager } from 'typeorm';
import { PersonDocument } from './person-document.ts';
import { findPersonRows, type PersonRow } from './person-rows.ts';
import { PersonMatch, Pseudonyms, type Person } from './person.ts';
import type { PersonalRecordsRegistry } from './personal-records.ts';
import { findSearchedTables, type SearchedTable } from './searched-tables.ts';

/** What a service came across. */
export interface PersonFindings {
  readonly found: ReadonlyArray<{ readonly table: string; readonly rows: number }>;
  /** Names that stood beside the person's address or number. */
  readonly names: readonly string[];
}

/** Makes a person unreadable in all that the schemas hold of the transaction's tenant. Work that is running is left to a later round. */
export async function erasePerson(
  manager: EntityManager, { person, salt, schemas, registry }: { readonly person: Person; readonly salt: Buffer; readonly schemas: readonly string[]; readonly registry: PersonalRecordsRegistry },
): Promise<PersonFindings> {
  const [match, pseudonyms] = [new PersonMatch(person), new Pseudonyms(person, salt)];
  const documents = new PersonDocument(match);
  const names = new Set<string>();
  const found: Array<{ table: string; rows: number }> = [];
  // What is hers by a row of another table is found before that row is made unreadable.
  const searched: Array<readonly [SearchedTable, PersonRow[]]> = [];
  for (const step of registry.steps) found.push(...await step(manager, person));
  for (const table of await findSearchedTables(manager, schemas)) {
    const rows = await findPersonRows(manager, table, { person, match, registry, isLocked: true });
    if (rows.length > 0) searched.push([table, rows]);
  }
  for (const [table, rows] of searched) {
    let changed = 0;
    for (const row of rows) {
      for (const name of documents.names(row.document)) names.add(name);
      changed += Number(await eraseRow(manager, table, row, () => documents.erase(row.document, pseudonyms, row.isWholly)));
    }
    if (changed > 0) found.push({ table: table.table, rows: changed });
  }
  return { found, names: [...names] };
}

/** @returns whether there was something to do. */
async function eraseRow(
  manager: EntityManager, table: SearchedTable, { place, document, isDeleted, becomes }: PersonRow, erased: () => Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const where = 'tableoid = $1::regclass AND ctid = $2::tid';
  if (isDeleted) {
    const isUnderWay = table.table === 'task' && document['state'] === 'running';
    if (!isUnderWay) await manager.query(`DELETE FROM ${table.name} WHERE ${where}`, [place.partition, place.row]);
    return true;
  }
  const hidden = erased();
  const changed = table.columns.filter(({ name, isGenerated }) => !isGenerated && !(name in becomes) && JSON.stringify(hidden[name]) !== JSON.stringify(document[name]));
  const values = changed.map(({ name, type }) => (type === 'json' ? JSON.stringify(hidden[name]) : type === 'bytes' ? Buffer.from(String(hidden[name])) : hidden[name]));
  const assignments = [...changed.map(({ name }, index) => `"${name}" = $${index + 3}`), ...Object.entries(becomes).map(([name, value]) => `"${name}" = ${value}`)];
  if (assignments.length === 0) return false;
  await manager.query(`UPDATE ${table.name} SET ${assignments.join(', ')} WHERE ${where}`, [place.partition, place.row, ...values]);
  return true;
}
