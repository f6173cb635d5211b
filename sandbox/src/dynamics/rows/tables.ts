/** What may stand in a column. A lookup is written by `<name>@odata.bind` and read as `_<name>_value`. */
export type Column =
  | { type: 'text'; maxLength: number; isWriteOnly?: boolean }
  | { type: 'number' | 'integer' | 'boolean' | 'date' | 'guid' }
  | { type: 'lookup'; target: string; bindAs: string };

export interface Table {
  logicalName: string;
  entitySet: string;
  primaryKey: string;
  columns: Record<string, Column>;
  alternateKeys: AlternateKey[];
  required: string[];
  /** Says how the environment itself works; nobody is told of changes in it. */
  isExtension?: boolean;
}

/** Columns that together name one row, once their index has been made. */
export interface AlternateKey {
  schemaName: string;
  columns: string[];
  indexStatus: 'Pending' | 'Active' | 'Failed';
}

export const text = (maxLength = 100): Column => ({ type: 'text', maxLength });
export const lookup = (target: string, bindAs: string): Column => ({ type: 'lookup', target, bindAs });

/** The tables of a new environment, with the columns that matter here. Columns of one's own and keys are added by metadata. */
export function standardTables(): Table[] {
  return [
    {
      logicalName: 'contact', entitySet: 'contacts', primaryKey: 'contactid', alternateKeys: [], required: [],
      columns: {
        emailaddress1: text(), firstname: text(50), lastname: text(50), fullname: text(160), telephone1: text(50), mobilephone: text(50),
        company: text(50), address1_country: text(80), description: text(2_000),
      },
    },
    {
      logicalName: 'account', entitySet: 'accounts', primaryKey: 'accountid', alternateKeys: [], required: [],
      columns: { name: text(160), telephone1: text(50), websiteurl: text(200), emailaddress1: text(), address1_country: text(80), description: text(2_000) },
    },
    {
      logicalName: 'opportunity', entitySet: 'opportunities', primaryKey: 'opportunityid', alternateKeys: [], required: ['name'],
      columns: {
        name: text(300), description: text(2_000), stepname: text(200), estimatedvalue: { type: 'number' }, actualvalue: { type: 'number' },
        estimatedclosedate: { type: 'date' }, actualclosedate: { type: 'date' }, statecode: { type: 'integer' }, statuscode: { type: 'integer' },
        isrevenuesystemcalculated: { type: 'boolean' }, parentcontactid: lookup('contacts', 'parentcontactid'),
        transactioncurrencyid: lookup('transactioncurrencies', 'transactioncurrencyid'),
      },
    },
    {
      logicalName: 'connection', entitySet: 'connections', primaryKey: 'connectionid', alternateKeys: [], required: [],
      columns: { record1id: lookup('opportunities', 'record1id_opportunity'), record2id: lookup('contacts', 'record2id_contact') },
    },
    {
      logicalName: 'transactioncurrency', entitySet: 'transactioncurrencies', primaryKey: 'transactioncurrencyid', alternateKeys: [], required: ['isocurrencycode'],
      columns: { isocurrencycode: text(5), currencyname: text(), currencyprecision: { type: 'integer' } },
    },
  ];
}
