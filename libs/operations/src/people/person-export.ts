import type { EntityManager } from 'typeorm';
import { PersonDocument } from './person-document.ts';
import type { PersonFindings } from './person-erasure.ts';
import { findPersonRows } from './person-rows.ts';
import { PersonMatch, type Person } from './person.ts';
import type { PersonalRecordsRegistry } from './personal-records.ts';
import { findSearchedTables } from './searched-tables.ts';

/** Finds what the schemas hold of a person of the transaction's tenant: `lines` of JSON, `{"table", "row"}`, without what is other people's. */
export async function exportPerson(
  manager: EntityManager, { person, schemas, registry }: { readonly person: Person; readonly schemas: readonly string[]; readonly registry: PersonalRecordsRegistry },
): Promise<PersonFindings & { readonly lines: readonly string[] }> {
  const match = new PersonMatch(person);
  const documents = new PersonDocument(match);
  const names = new Set<string>();
  const found: Array<{ table: string; rows: number }> = [];
  const lines: string[] = [];
  for (const table of await findSearchedTables(manager, schemas)) {
    const rows = await findPersonRows(manager, table, { person, match, registry, isLocked: false });
    for (const { document, isWholly } of rows) {
      for (const name of documents.names(document)) names.add(name);
      lines.push(JSON.stringify({ table: table.table, row: documents.extract(document, isWholly) }));
    }
    if (rows.length > 0) found.push({ table: table.table, rows: rows.length });
  }
  return { found, names: [...names], lines };
}
