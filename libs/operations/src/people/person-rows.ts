import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { Person, PersonMatch } from './person.ts';
import type { PersonalRecordsRegistry } from './personal-records.ts';
import { textOfRow, type SearchedTable } from './searched-tables.ts';

/** A row of a person. */
export interface PersonRow {
  /** Where PostgreSQL keeps it; it stays there until the transaction changes it. */
  readonly place: { readonly partition: string; readonly row: string };
  readonly document: Readonly<Record<string, unknown>>;
  /** All of it is the person's, although it may not name her. */
  readonly isWholly: boolean;
  readonly isDeleted: boolean;
  /** What columns hold afterwards, in SQL. */
  readonly becomes: Readonly<Record<string, string>>;
}

const rowsSchema = z.array(z.object({ partition: z.string(), row: z.string(), document: z.record(z.string(), z.unknown()), own: z.array(z.boolean()) }));
/** A person of whom more rows are kept in one table is a fault of the request, such as a number that thousands share. */
const mostRows = 20_000;

/**
 * Finds a person's rows in a table of the caller's tenant transaction: those that name her by address or number, and those that the service knows to be
 * hers. Locked, they stay as they are until it ends. @throws Error where there are more than 20,000.
 */
export async function findPersonRows(
  manager: EntityManager, table: SearchedTable, { person, match, registry, isLocked }: { readonly person: Person; readonly match: PersonMatch; readonly registry: PersonalRecordsRegistry; readonly isLocked: boolean },
): Promise<PersonRow[]> {
  const known = registry.of(table.table);
  const isKnown = known.map(({ where }) => `coalesce((${where}), false)`);
  const bytes = table.columns.filter(({ type }) => type === 'bytes').map(({ name }) => name);
  const rows = rowsSchema.parse(await manager.query(
    `SELECT tableoid::regclass::text AS partition, ctid::text AS row, ARRAY[${isKnown.join(', ')}]::boolean[] AS own,
       to_jsonb(searched) || jsonb_build_object(${bytes.map((name) => `'${name}', encode("${name}", 'base64')`).join(', ')}) AS document
     FROM ${table.name} AS searched
     WHERE (EXISTS (SELECT 1 FROM unnest($1::text[] || $2::text[]) AS named (word) WHERE strpos(${textOfRow(table)}, word) > 0) ${isKnown.map((each) => `OR ${each}`).join(' ')})
       AND cardinality($3::text[]) >= 0
     LIMIT ${mostRows + 1} ${isLocked ? 'FOR UPDATE' : ''}`, [person.emails, person.phones, person.contacts]));
  if (rows.length > mostRows) throw new Error(`More than ${mostRows} rows of ${table.table} name this person: the request is wrong.`);
  return rows.flatMap(({ partition, row, document: stored, own }) => {
    const document = { ...stored, ...Object.fromEntries(bytes.map((name) => [name, Buffer.from(String(stored[name]), 'base64').toString('utf8')])) };
    const searched = Object.fromEntries(table.columns.map(({ name }) => [name, document[name]]));
    const applied = known.filter((_, index) => own[index] === true);
    const isWholly = applied.length > 0;
    if (!isWholly && !match.isIn(JSON.stringify(searched))) return [];
    return [{
      place: { partition, row }, document, isWholly, isDeleted: table.isDeleted || applied.some(({ isDeleted }) => isDeleted === true),
      becomes: Object.fromEntries(applied.flatMap(({ becomes = {} }) => Object.entries(becomes))),
    }];
  });
}
