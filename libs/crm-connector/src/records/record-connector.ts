import type { Connection } from '@crossdock/connections';
import type { CrmObject, CrmVendor, Failure, ObjectDescription } from '@crossdock/contracts';
import type { BulkWriter } from './bulk-writer.ts';
import type { ChangeStream } from './change-stream.ts';
import type { DealLineWriter } from './deal-lines.ts';
import type { ChangePage, CrmRecord, FieldSelection, GoneRecord, RecordWrite, RecordWritten } from './crm-record.ts';
import type { DefaultMapping } from './default-mapping.ts';

/**
 * A CRM's contacts, companies and deals, field by field. Every call may be repeated: what was done before is found again,
 * never done twice. A call that concerns many records sends as few requests as the vendor allows.
 */
export interface RecordConnector {
  readonly vendor: CrmVendor;

  /** Where the hub's own fields go unless the tenant says otherwise. */
  readonly defaultMapping: DefaultMapping;

  /** How many writes go out best together, for the sake of few calls; left out, 100, which every CRM takes at once. */
  readonly writesAtOnce?: number;

  /** How many records `getByIds` reads best together, for the sake of few calls; left out, 100. */
  readonly readsAtOnce?: number;

  /** The line over which accounts tell of their changes, where the vendor has such a thing. */
  readonly stream?: ChangeStream;

  /** The vendor's jobs for very many writes, where it has such. */
  readonly bulk?: BulkWriter;

  /** The vendor's line items of deals, where the hub can keep them. */
  readonly dealLines?: DealLineWriter;

  /**
   * The fields of these records in this account, derived ones (`derived-fields.ts`) among them.
   * @throws Failure
   */
  describe(connection: Connection, object: CrmObject, signal: AbortSignal): Promise<ObjectDescription>;

  /**
   * The records whose field has one of these values, in any case where it is an e-mail; at most 100 of them, and for a look-up
   * that somebody waits for: it gives up after a second. What was written moments ago may not be found yet.
   * @throws Failure `transient` when the second is over, `invalid` for a field that cannot be searched.
   */
  search(connection: Connection, selection: FieldSelection, by: { readonly field: string; readonly values: readonly string[] }, signal: AbortSignal): Promise<CrmRecord[]>;

  /**
   * These records as they are now, or that they are no more; one that never was is absent, or no more where the CRM does not tell these apart.
   * @throws Failure where the CRM gave no answer.
   */
  getByIds(connection: Connection, selection: FieldSelection, ids: readonly string[], signal: AbortSignal): Promise<Map<string, CrmRecord | GoneRecord>>;

  /**
   * A page of what has changed since the cursor, or of all there is where none is given. Going on with the cursors, whatever
   * happens meanwhile, tells of each change at least once: of records that commit late, that share a time, that change while
   * pages are read, and of a change of associations alone, told with the record that names them. Where nothing is left to
   * tell, what changed within the overlap is told again each time.
   * @throws Failure `cursor_expired` where the vendor does not know any more what has changed since: everything must be read anew.
   */
  listChanges(connection: Connection, selection: FieldSelection, cursor: string | undefined, signal: AbortSignal): Promise<ChangePage>;

  /**
   * A cursor with which `listChanges` tells what changes from now on, for those who need not hear of what was before. It is left out
   * where the CRM gives such a place only with a list of everything.
   */
  cursorFromNow?(): string;

  /**
   * Writes records; one that the CRM refuses does not hold back the others.
   * @returns one result a write, in order; it does not throw a `Failure`. `not_found` where there is no record of that id, or
   * it is archived; `invalid` with the field where the CRM does not take a value; `conflict` where a rule of the account
   * against doubles, or a lock, is in the way.
   */
  write(connection: Connection, description: ObjectDescription, writes: readonly RecordWrite[], signal: AbortSignal): Promise<Array<RecordWritten | Failure>>;

  /**
   * Archives records, as the vendor's own page does when a person deletes one; one that is archived already stays it.
   * @returns one result an id, in order; it does not throw a `Failure`.
   */
  archive(connection: Connection, object: CrmObject, ids: readonly string[], signal: AbortSignal): Promise<Array<'archived' | Failure>>;
}
