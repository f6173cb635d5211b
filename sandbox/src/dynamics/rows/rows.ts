import { randomUUID } from 'node:crypto';
import { badRequest, duplicateKey, noSuchResource, stillNeeded } from '../dynamics-refusals.ts';
import { createMessages, extensionTables } from './extension-tables.ts';
import { standardTables, type Table } from './tables.ts';

export interface Row {
  id: string;
  table: Table;
  /** By column; a lookup holds the id of the row it leads to. */
  values: Record<string, unknown>;
  version: number;
  createdOn: string;
  modifiedOn: string;
}

export interface RowChange {
  message: 'Create' | 'Update' | 'Delete' | 'Win' | 'Lose';
  row: Row;
  /** Columns that were written. */
  written: Record<string, unknown>;
}

/** The rows of one environment. Every write moves the version on, by which what changed since is found. */
export class Rows {
  readonly tables = [...standardTables(), ...extensionTables()];
  readonly deleted: { id: string; table: Table; version: number }[] = [];
  private readonly byId = new Map<string, Row>();
  private changed: (change: RowChange) => void = () => undefined;
  private lastVersion = 900_000;

  constructor(changed: (change: RowChange) => void) {
    const currencies = this.tableOf('transactioncurrencies');
    for (const isocurrencycode of ['EUR', 'USD', 'JPY']) this.create(currencies, { isocurrencycode, currencyname: isocurrencycode, currencyprecision: 2 });
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
    const row: Row = { id: id.toLowerCase(), table, values: { ...defaults, ...values }, version: this.nextVersion(), createdOn: now, modifiedOn: now };
    derive(row);
    this.byId.set(row.id, row);
    this.changed({ message: 'Create', row, written: values });
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
    return isNew;
  }

  /** @throws Dataverse's refusal where another row cannot be without it. */
  delete(row: Row): void {
    if (row.table.logicalName === 'serviceendpoint' && this.list(this.tableOf('sdkmessageprocessingsteps')).some(({ values }) => values['eventhandler'] === row.id)) throw stillNeeded(row.id);
    this.byId.delete(row.id);
    this.deleted.push({ id: row.id, table: row.table, version: this.nextVersion() });
    this.changed({ message: 'Delete', row, written: {} });
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
  opportunity: { statecode: 0, statuscode: 1, isrevenuesystemcalculated: true }, sdkmessageprocessingstep: { statecode: 0, statuscode: 1 },
};

/** Text is compared without regard to case, as the database's collation does. */
export function same(one: unknown, other: unknown): boolean {
  return typeof one === 'string' && typeof other === 'string' ? one.toLowerCase() === other.toLowerCase() : one === other;
}

function derive({ table, values }: Row): void {
  if (table.logicalName === 'contact') values['fullname'] = [values['firstname'], values['lastname']].filter((part) => typeof part === 'string').join(' ') || null;
}

function timeNow(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
