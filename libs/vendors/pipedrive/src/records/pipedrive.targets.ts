import type { Likeness, RecordWrite } from '@crossdock/crm-connector';
import type { CrmObject } from '@crossdock/contracts';
import { z } from 'zod';
import type { PipedriveSession } from '../pipedrive.api.ts';
import { pipedriveLimits } from '../pipedrive.limits.ts';
import { recentlyChanged } from '../pipedrive.recent.ts';
import { kindOf, rowSchema, type Row } from './pipedrive.kinds.ts';
import { numbersOf, readRows } from './pipedrive.rows.ts';

const hitSchema = z.object({ items: z.array(z.object({ item: z.object({ id: z.int().positive() }) })) });
/** More hits than this for one exact value are not looked through. */
const maxHits = 100;

/** In which of its fields search looks for a field of a record; undefined where it cannot. */
export function searchedAs(object: CrmObject, field: string): string | undefined {
  const own: Readonly<Record<CrmObject, readonly string[]>> = { contact: ['email', 'phone', 'name'], company: ['name'], deal: ['title'] };
  if (own[object].includes(field)) return field;
  return /^[0-9a-f]{40}$/.test(field) ? 'custom_fields' : undefined;
}

/** The records with exactly this value, in whatever case, as far as search knows them by now. @throws Failure */
export async function searchRows(session: PipedriveSession, object: CrmObject, field: string, value: string): Promise<Row[]> {
  const { path } = kindOf(object);
  const { items } = await session.call({
    operation: `${path}.search`, path: `${pipedriveLimits.apiV2}/${path}/search`, query: { term: value, fields: searchedAs(object, field) ?? field, exact_match: 'true', limit: maxHits },
  }, hitSchema);
  const rows = await readRows(session, object, items.map(({ item }) => item.id));
  return rows.filter((row) => hasValue(row, field, value));
}

/** Whether a field of a record is this value, in whatever case: one of several addresses is enough. */
function hasValue(row: Row, field: string, value: string): boolean {
  return valuesOf(row, field).some((each) => (typeof each === 'string' || typeof each === 'number') && String(each).toLowerCase() === value.toLowerCase());
}

function valuesOf(row: Row, field: string): readonly unknown[] {
  if (field === 'email') return (row.emails ?? []).map((each) => each.value);
  if (field === 'phone') return (row.phones ?? []).map((each) => each.value);
  return field === 'name' ? [row.name] : field === 'title' ? [row.title] : [row.custom_fields[field]];
}

/** Whether a record has none of such a value. */
function isEmpty(row: Row, field: string): boolean {
  const values = valuesOf(row, field);
  return values.every((each) => each === undefined || each === null || each === '');
}

/** The records that writes are to, as they are, and those that were made or found while the writes were done. */
export class WriteTargets {
  readonly #session: PipedriveSession;
  readonly #object: CrmObject;
  readonly #keyCode: string;
  readonly #byId = new Map<number, Row>();
  readonly #byKey = new Map<string, Row>();
  /** The key for which each record was taken. */
  readonly #taken = new Map<number, string>();
  #recent: Row[] = [];

  constructor(session: PipedriveSession, object: CrmObject, keyCode: string) {
    this.#session = session;
    this.#object = object;
    this.#keyCode = keyCode;
  }

  /** Reads what the writes name by id and, where some name a key, what changed of late: search may not know it yet. @throws Failure */
  async prepare(writes: readonly RecordWrite[], nowMs: number): Promise<void> {
    const ids = numbersOf(writes.flatMap(({ target }) => ('id' in target ? [target.id] : [])));
    for (const row of await readRows(this.#session, this.#object, ids)) this.#byId.set(row.id, row);
    if (!writes.some(({ target }) => 'key' in target)) return;
    this.#recent = (await recentlyChanged(this.#session, kindOf(this.#object).path, rowSchema, { nowMs })).filter((row) => !row.is_deleted);
    for (const row of oldestLast(this.#recent)) this.#remember(row);
  }

  /** The record that a write is to; undefined where there is none. @throws Failure */
  async find({ target }: RecordWrite): Promise<Row | undefined> {
    if ('id' in target) return this.#byId.get(Number(target.id));
    const known = this.#byKey.get(target.key);
    if (known) return known;
    // What is found by any key needs no call of its own for the key where it is found.
    const [any, others] = [(target.adoptBy ?? []).filter(({ anyKey }) => anyKey), (target.adoptBy ?? []).filter(({ anyKey }) => !anyKey)];
    return await this.#alike(target.key, any) ?? oldestOf(await searchRows(this.#session, this.#object, this.#keyCode, target.key)) ?? this.#alike(target.key, others);
  }

  async #alike(key: string, likenesses: readonly Likeness[]): Promise<Row | undefined> {
    for (const { field, value, anyKey, whereEmpty } of likenesses) {
      const seen = (row: Row): Row => this.#byId.get(row.id) ?? row;
      const counts = (row: Row): boolean => (anyKey === true || !this.#keyOf(row)) && (whereEmpty === undefined || isEmpty(row, whereEmpty)) && (this.#taken.get(row.id) ?? key) === key;
      const recent = this.#recent.map(seen).filter((row) => hasValue(row, field, value) && counts(row));
      const found = oldestOf(recent.length > 0 && anyKey ? recent : [...recent, ...(await searchRows(this.#session, this.#object, field, value)).map(seen).filter(counts)]);
      if (!found) continue;
      this.#taken.set(found.id, key);
      return found;
    }
    return undefined;
  }

  /** A record as it is after a write. */
  keep(row: Row): void {
    this.#byId.set(row.id, row);
    this.#remember(row);
  }

  #remember(row: Row): void {
    const key = this.#keyOf(row);
    if (key) this.#byKey.set(key, row);
  }

  #keyOf(row: Row): string | undefined {
    const key = row.custom_fields[this.#keyCode];
    return typeof key === 'string' && key !== '' ? key : undefined;
  }
}

const oldestLast = (rows: readonly Row[]): Row[] => rows.toSorted((one, other) => other.id - one.id);
const oldestOf = (rows: readonly Row[]): Row | undefined => oldestLast(rows).at(-1);
