/** How a text is meant to be read; a text of several lines is a column of another kind. */
type TextFormat = 'Text' | 'Email' | 'Phone' | 'Url' | 'TextArea';

/**
 * What may stand in a column. A lookup is written by `<name>@odata.bind` and read as `_<name>_value`; one that may lead to
 * several tables has a name to be bound by for each. Choices are numbers, several of them one text with commas.
 */
export type Column =
  | { type: 'text'; maxLength: number; format?: TextFormat; isWriteOnly?: boolean }
  | { type: 'money' | 'decimal' | 'integer' | 'boolean' | 'date' | 'datetime' | 'guid' | 'state' }
  | { type: 'choice' | 'choices'; options: Readonly<Record<number, string>> }
  | { type: 'lookup'; target: string; bindAs: string; kind?: 'owner' | 'customer'; others?: Readonly<Record<string, string>> };

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

export const text = (maxLength = 100, format?: TextFormat): Column => ({ type: 'text', maxLength, ...(format && { format }) });
export const lookup = (target: string, bindAs: string): Column => ({ type: 'lookup', target, bindAs });
const owner: Column = { type: 'lookup', target: 'systemusers', bindAs: 'ownerid', kind: 'owner' };
/** State, and where a row went that was merged into another. */
const life = (entitySet: string): Table['columns'] => ({
  statecode: { type: 'state' }, statuscode: { type: 'state' }, ownerid: owner, merged: { type: 'boolean' }, masterid: lookup(entitySet, 'masterid'),
});

/** The tables of a new environment, with the columns that matter here. Columns of one's own and keys are added by metadata. */
export function standardTables(): Table[] {
  return [
    {
      logicalName: 'contact', entitySet: 'contacts', primaryKey: 'contactid', alternateKeys: [], required: [],
      columns: {
        emailaddress1: text(100, 'Email'), firstname: text(50), lastname: text(50), fullname: text(160), telephone1: text(50, 'Phone'), mobilephone: text(50, 'Phone'),
        company: text(50), address1_country: text(80), description: text(2_000, 'TextArea'), birthdate: { type: 'date' }, donotbulkemail: { type: 'boolean' },
        preferredcontactmethodcode: { type: 'choice', options: { 1: 'Any', 2: 'Email', 3: 'Phone', 4: 'Fax', 5: 'Mail' } },
        new_interests: { type: 'choices', options: { 100_000_000: 'Cocoa', 100_000_001: 'Tea' } },
        parentcustomerid: { type: 'lookup', target: 'accounts', bindAs: 'parentcustomerid_account', kind: 'customer', others: { parentcustomerid_contact: 'contacts' } },
        ...life('contacts'),
      },
    },
    {
      logicalName: 'account', entitySet: 'accounts', primaryKey: 'accountid', alternateKeys: [], required: [],
      columns: {
        name: text(160), telephone1: text(50, 'Phone'), websiteurl: text(200, 'Url'), emailaddress1: text(100, 'Email'), address1_country: text(80),
        description: text(2_000, 'TextArea'), numberofemployees: { type: 'integer' }, revenue: { type: 'money' },
        transactioncurrencyid: lookup('transactioncurrencies', 'transactioncurrencyid'), ...life('accounts'),
      },
    },
    {
      logicalName: 'opportunity', entitySet: 'opportunities', primaryKey: 'opportunityid', alternateKeys: [], required: ['name'],
      columns: {
        name: text(300), description: text(2_000, 'TextArea'), stepname: text(200), estimatedvalue: { type: 'money' }, actualvalue: { type: 'money' },
        estimatedclosedate: { type: 'date' }, actualclosedate: { type: 'date' }, statecode: { type: 'state' }, statuscode: { type: 'state' },
        isrevenuesystemcalculated: { type: 'boolean' }, ownerid: owner,
        parentcontactid: lookup('contacts', 'parentcontactid'), parentaccountid: lookup('accounts', 'parentaccountid'),
        transactioncurrencyid: lookup('transactioncurrencies', 'transactioncurrencyid'),
      },
    },
    {
      logicalName: 'opportunityproduct', entitySet: 'opportunityproducts', primaryKey: 'opportunityproductid', alternateKeys: [], required: ['opportunityid'],
      columns: {
        opportunityid: lookup('opportunities', 'opportunityid'), productdescription: text(500), description: text(2_000, 'TextArea'),
        isproductoverridden: { type: 'boolean' }, ispriceoverridden: { type: 'boolean' }, quantity: { type: 'decimal' }, priceperunit: { type: 'money' },
        manualdiscountamount: { type: 'money' }, baseamount: { type: 'money' }, extendedamount: { type: 'money' },
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
    {
      logicalName: 'systemuser', entitySet: 'systemusers', primaryKey: 'systemuserid', alternateKeys: [], required: [], isExtension: true,
      columns: { fullname: text(200), internalemailaddress: text(100, 'Email'), isdisabled: { type: 'boolean' } },
    },
  ];
}
