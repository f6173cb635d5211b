import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { Failure, type CrmObject, type FailureKind, type FieldValue, type ObjectDescription } from '@crossdock/contracts';
import type { CrmRecord, FieldSelection, GoneRecord, RecordRef, RecordWrite, RecordWritten } from '../records/crm-record.ts';
import type { CrmConnector } from '../crm-connector.ts';
import { writeByJobs } from './bulk-writing.ts';

/** What a person does in the CRM's own pages. */
export interface PersonAtCrm {
  create(object: CrmObject, fields: Readonly<Record<string, FieldValue>>): Promise<string>;
  edit(record: RecordRef, fields: Readonly<Record<string, FieldValue>>): Promise<void>;
  delete(record: RecordRef): Promise<void>;
  /** Nothing but the association changes. */
  associate(record: RecordRef, to: RecordRef): Promise<void>;
  /** The loser goes into the winner. @returns the id of the record that is left: of a new one, where the vendor makes one of both. */
  mergeContacts(winnerId: string, loserId: string): Promise<string>;
  /** Moves a deal to a stage that is open, and not the first one. */
  advance(dealId: string): Promise<void>;
  closeAsWon(dealId: string): Promise<void>;
}

/** A connector in front of a stand-in of its CRM that holds nothing yet, and what a test does to that CRM from its other side. */
export interface CrmWorld {
  readonly connector: CrmConnector;
  readonly connection: Connection;
  /** All that the suite writes goes by the vendor's jobs for many writes, however little it is. */
  readonly writesByJobs?: boolean;
  readonly person: PersonAtCrm;
  /** How many records of a kind the CRM holds. */
  count(object: CrmObject): Promise<number>;
  /** Puts contacts there that all were changed at one time, more than a page of changes holds. @returns their ids. */
  importContacts(): Promise<readonly string[]>;
  /** Values that the CRM refuses, each with the field that its answer names, if it names one. */
  readonly refused: ReadonlyArray<{ readonly because: string; readonly object: CrmObject; readonly fields: Readonly<Record<string, FieldValue>>; readonly field?: string }>;
  /** False where the CRM tells of the loser of a merge only that it is no more. */
  readonly tellsWhereMergedWent?: boolean;
  /** False where the CRM answers the same of a record that was deleted and of one that never was: then both are no more. */
  readonly knowsWhatNeverWas?: boolean;
  /** An id in the CRM's form that no contact has. */
  readonly unknownContactId: string;
  /** What too many calls mean at this CRM. */
  readonly rateLimitKind: FailureKind;
  /** A cursor that the connector gave longer ago than the CRM remembers what was deleted. */
  forgottenCursor(): Promise<string>;
  /** The access token runs out; the refresh token is still good. */
  expireToken(): Promise<void>;
  /** The tenant takes the authorisation back, and the access token runs out. */
  revoke(): Promise<void>;
  /** The next calls fail: too many of them, or the CRM is down, or it takes five seconds for an answer. */
  fail(fault: 'rate_limit' | 'down' | 'slow', times: number): Promise<void>;
  clearFaults(): Promise<void>;
  stop(): Promise<void>;
}

export interface Changes {
  readonly records: ReadonlyMap<string, CrmRecord>;
  readonly gone: ReadonlyMap<string, GoneRecord>;
  readonly cursor: string;
  readonly pages: number;
}

/** A world and the few words in which the suite speaks of it. */
export class CrmSuite {
  readonly world: CrmWorld;
  readonly signal = AbortSignal.timeout(120_000);
  readonly #descriptions = new Map<CrmObject, ObjectDescription>();

  constructor(world: CrmWorld) {
    this.world = world;
  }

  async describe(object: CrmObject): Promise<ObjectDescription> {
    const known = this.#descriptions.get(object) ?? await this.world.connector.describe(this.world.connection, object, this.signal);
    this.#descriptions.set(object, known);
    return known;
  }

  /** All fields that the hub has a name for. */
  async selection(object: CrmObject): Promise<FieldSelection> {
    const fieldNames = Object.values(this.world.connector.defaultMapping[object]).map(({ field }) => field);
    return { description: await this.describe(object), fieldNames };
  }

  /** The vendor's name of a field of the hub's. */
  field(object: CrmObject, canonical: string): string {
    const mapping = Object.entries(this.world.connector.defaultMapping[object]).find(([name]) => name === canonical)?.[1];
    if (!mapping) throw new Error(`The connector keeps no ${canonical} of a ${object}.`);
    return mapping.field;
  }

  contact(changes: Readonly<Record<string, FieldValue>> = {}): Record<string, FieldValue> {
    return { [this.field('contact', 'email')]: `${randomUUID()}@example.com`, [this.field('contact', 'lastName')]: 'Muster', ...changes };
  }

  company(): Record<string, FieldValue> {
    return { [this.field('company', 'name')]: `Muster ${randomUUID()}` };
  }

  deal(status: 'open' | 'won' | 'lost' = 'open'): Record<string, FieldValue> {
    return {
      [this.field('deal', 'name')]: 'Order 1001', [this.field('deal', 'status')]: status,
      [this.field('deal', 'amount')]: { amountMinor: 12_935, currency: 'EUR' },
      ...(status !== 'open' && { [this.field('deal', 'closedAt')]: '2026-11-20T00:00:00.000Z' }),
    };
  }

  /** A write of a record that is new to the CRM, under a key of its own. */
  readonly newly = (fields: Readonly<Record<string, FieldValue>>, more: Partial<RecordWrite> = {}): RecordWrite =>
    ({ target: { key: randomUUID() }, fields, ...more });

  readonly write = async (object: CrmObject, ...writes: RecordWrite[]): Promise<Array<RecordWritten | Failure>> => {
    const { connector, connection, writesByJobs = false } = this.world;
    const description = await this.describe(object);
    return writesByJobs ? writeByJobs(connector, connection, description, writes, this.signal) : connector.write(connection, description, writes, this.signal);
  };

  /** @throws Failure where one was refused. */
  readonly written = async (object: CrmObject, ...writes: RecordWrite[]): Promise<RecordWritten[]> =>
    (await this.write(object, ...writes)).map((result) => {
      if (result instanceof Failure) throw result;
      return result;
    });

  readonly create = async (object: CrmObject, fields: Readonly<Record<string, FieldValue>>, more: Partial<RecordWrite> = {}): Promise<string> => {
    const [{ id } = { id: '' }] = await this.written(object, this.newly(fields, more));
    return id;
  };

  /** A record that must be there. */
  readonly read = async (object: CrmObject, id: string): Promise<CrmRecord> => {
    const found = (await this.world.connector.getByIds(this.world.connection, await this.selection(object), [id], this.signal)).get(id);
    if (!found || 'gone' in found) throw new Error(`The CRM has no ${object} ${id}.`);
    return found;
  };

  /** All that has changed since the cursor, page by page to the end. */
  readonly changesSince = async (object: CrmObject, cursor?: string): Promise<Changes> => {
    const [records, gone, selection] = [new Map<string, CrmRecord>(), new Map<string, GoneRecord>(), await this.selection(object)];
    for (let pages = 1; ; pages += 1) {
      const page = await this.world.connector.listChanges(this.world.connection, selection, cursor, this.signal);
      for (const record of page.records) records.set(record.id, record);
      for (const record of page.gone) gone.set(record.id, record);
      cursor = page.cursor;
      if (!page.hasMore) return { records, gone, cursor, pages };
      if (pages > 1_000) throw new Error('The list of changes has no end.');
    }
  };

  readonly sample = (object: CrmObject): Record<string, FieldValue> =>
    object === 'deal' ? this.deal() : object === 'company' ? this.company() : this.contact();
}

/** What became of a write, in one word. */
export function outcomeOf(result: RecordWritten | Failure | undefined): string {
  if (result instanceof Failure) return result.kind;
  return result ? (result.created ? 'created' : 'changed') : 'no result';
}
