import { randomUUID } from 'node:crypto';
import { badRequest, duplicateKey, noSuchResource, stillNeeded } from '../dynamics-refusals.ts';
import { createMessages, extensionTables } from './extension-tables.ts';
import { deriveLine, linesOf, sumUp } from './opportunity-lines.ts';
import { standardTables, type Table } from './tables.ts';

export interface Row {
  id: string;
  table: Table;
  /** By column; a lookup holds the id of the row it leads to. */
  values: Record<string, unknown>;
  version: number;
  /** The version it began with: rows without another order come by it. */
  number: number;
  createdOn: string;
  modifiedOn: string;
}

export interface RowChange {
  message: 'Create' | 'Update' | 'Delete' | 'Win' | 'Lose' | 'Merge';
  row: Row;
  /** Columns that were written. */
  written: Record<string, unknown>;
}

/** The rows of one environment. Every write moves the version on, by which what changed since is found. */
export class Rows {
  readonly tables = [...standardTables(), ...extensionTables()];
  /** Versions before this one are too long ago to say what changed since. */
  forgottenBefore = 0;
  deleted: { id: string; table: Table; version: number }[] = [];
  private readonly byId = new Map<string, Row>();
  private changed: (change: RowChange) => void = () => undefined;
  private lastVersion = 900_000;

  constructor(changed: (change: RowChange) => void) {
    const currencies = this.tableOf('transactioncurrencies');
    for (const isocurrencycode of ['EUR', 'USD', 'JPY']) this.create(currencies, { isocurrencycode, currencyname: isocurrencycode, currencyprecision: 2 });
    const users = this.tableOf('systemusers');
    this.create(users, { fullname: 'Sales', internalemailaddress: 'sales@example.com', isdisabled: false });
    this.create(users, { fullname: 'Left', internalemailaddress: 'left@example.com', isdisabled: true });
    createMessages(this);
    // What every environment begins with is no news to anybody.
    this.changed = (change) => {
      if (change.row.table.isExtension !== true) changed(change);
    };
  }

  get version(): number {
    return this.lastVersion;
  }

  tableOf(entitySet: string): Table {
    const table = this.tables.find((candidate) => candidate.entitySet === entitySet);
    if (table === undefined) throw noSuchResource(entitySet);
    return table;
  }

  list(table: Table): Row[] {
    return [...this.byId.values()].filter((row) => row.table === table);
  }

  find(table: Table, id: string): Row | undefined {
    const row = this.byId.get(id.toLowerCase());
    return row?.table === table ? row : undefined;
  }

  findByKey(table: Table, key: Readonly<Record<string, string>>): Row | undefined {
    const names = Object.keys(key).sort();
    const isKey = table.alternateKeys.some(({ columns, indexStatus }) => indexStatus === 'Active' && JSON.stringify([...columns].sort()) === JSON.stringify(names));
    if (!isKey) throw badRequest(`The specified key attributes are not a defined key for the ${table.logicalName} entity.`);
    return this.list(table).find((row) => names.every((name) => same(row.values[name], key[name])));
  }

  create(table: Table, values: Record<string, unknown>, id: string = randomUUID()): Row {
    const missing = table.required.find((name) => values[name] === undefined || values[name] === null);
    if (missing !== undefined) throw badRequest(`Required field '${missing}' is missing.`);
    this.assertUnique(table, values);
    const now = timeNow();
    const defaults = defaultsOf[table.logicalName] ?? {};
    const version = this.nextVersion();
    const row: Row = { id: id.toLowerCase(), table, values: { ...defaults, ...values }, version, number: version, createdOn: now, modifiedOn: now };
    derive(row);
    this.deleted = this.deleted.filter((entry) => entry.id !== row.id);
    this.byId.set(row.id, row);
    this.changed({ message: 'Create', row, written: values });
    if (isLine(row)) sumUp(this, row);
    return row;
  }

  /** Answers whether anything is another now. Every write counts as one, as in Dataverse. */
  update(row: Row, values: Record<string, unknown>, message: RowChange['message'] = 'Update'): boolean {
    this.assertUnique(row.table, values, row.id);
    const isNew = Object.entries(values).some(([name, value]) => row.values[name] !== value);
    row.values = { ...row.values, ...values };
    row.version = this.nextVersion();
    row.modifiedOn = timeNow();
    derive(row);
    this.changed({ message, row, written: values });
    if (isLine(row)) sumUp(this, row);
    return isNew;
  }

  /** @throws Dataverse's refusal where another row cannot be without it. */
  delete(row: Row): void {
    if (row.table.logicalName === 'serviceendpoint' && this.list(this.tableOf('sdkmessageprocessingsteps')).some(({ values }) => values['eventhandler'] === row.id)) throw stillNeeded(row.id);
    this.byId.delete(row.id);
    this.deleted.push({ id: row.id, table: row.table, version: this.nextVersion() });
    this.changed({ message: 'Delete', row, written: {} });
    if (isLine(row)) sumUp(this, row);
    if (row.table.logicalName === 'opportunity') for (const line of linesOf(this, row.id)) this.delete(line);
  }

  /** The loser becomes inactive and says where it went. */
  merge(winner: Row, loser: Row): void {
    this.update(loser, { statecode: 1, statuscode: 2, merged: true, masterid: winner.id });
    this.update(winner, {}, 'Merge');
  }

  /** From now on nobody can be told what changed until now. */
  forgetChanges(): void {
    this.forgottenBefore = this.nextVersion();
  }

  /** The logical name of the table that a row is in. */
  tableNameOf(id: unknown): string | undefined {
    return typeof id === 'string' ? this.byId.get(id)?.table.logicalName : undefined;
  }

  private nextVersion(): number {
    this.lastVersion += 1;
    return this.lastVersion;
  }

  private assertUnique(table: Table, values: Readonly<Record<string, unknown>>, ownId?: string): void {
    for (const { columns, indexStatus } of table.alternateKeys) {
      if (indexStatus === 'Failed') continue;
      if (columns.some((name) => values[name] === undefined || values[name] === null)) continue;
      if (this.list(table).some((row) => row.id !== ownId && columns.every((name) => same(row.values[name], values[name])))) throw duplicateKey();
    }
  }
}

const defaultsOf: Readonly<Record<string, Record<string, unknown>>> = {
  contact: { statecode: 0, statuscode: 1, merged: false }, account: { statecode: 0, statuscode: 1, merged: false },
  opportunity: { statecode: 0, statuscode: 1, isrevenuesystemcalculated: true }, sdkmessageprocessingstep: { statecode: 0, statuscode: 1 },
};

/** Text is compared without regard to case, as the database's collation does. */
export function same(one: unknown, other: unknown): boolean {
  return typeof one === 'string' && typeof other === 'string' ? one.toLowerCase() === other.toLowerCase() : one === other;
}

const isLine = ({ table }: Row): boolean => table.logicalName === 'opportunityproduct';

function derive({ table, values }: Row): void {
  if (table.logicalName === 'opportunityproduct') deriveLine(values);
  if (table.logicalName === 'contact') values['fullname'] = [values['firstname'], values['lastname']].filter((part) => typeof part === 'string').join(' ') || null;
}

function timeNow(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
