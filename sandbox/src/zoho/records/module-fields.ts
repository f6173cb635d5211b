/** The modules that this stand-in has. */
export const moduleNames = ['Contacts', 'Accounts', 'Deals'] as const;
export type ModuleName = (typeof moduleNames)[number];

export interface FieldPick {
  displayValue: string;
  actualValue: string;
  dealCategory?: 'Open' | 'Closed Won' | 'Closed Lost';
}

export interface ModuleField {
  id: string;
  apiName: string;
  label: string;
  dataType: 'text' | 'email' | 'phone' | 'website' | 'textarea' | 'picklist' | 'currency' | 'date' | 'datetime' | 'lookup' | 'ownerlookup';
  length: number;
  isMandatory: boolean;
  /** No two records may have one value: a field for which duplicates are not allowed. */
  isUnique: boolean;
  /** Looked at by upserts that name no fields. */
  isSystemDuplicateCheck: boolean;
  isReadOnly: boolean;
  isCustom: boolean;
  lookup: ModuleName | null;
  picks: FieldPick[];
}

const stages: FieldPick[] = [
  ...['Qualification', 'Needs Analysis', 'Value Proposition', 'Identify Decision Makers', 'Proposal/Price Quote', 'Negotiation/Review']
    .map((name) => ({ displayValue: name, actualValue: name, dealCategory: 'Open' as const })),
  { displayValue: 'Closed Won', actualValue: 'Closed Won', dealCategory: 'Closed Won' },
  { displayValue: 'Closed Lost', actualValue: 'Closed Lost', dealCategory: 'Closed Lost' },
  { displayValue: 'Closed Lost to Competition', actualValue: 'Closed Lost to Competition', dealCategory: 'Closed Lost' },
];

const lengths: Partial<Record<ModuleField['dataType'], number>> = { text: 255, email: 100, phone: 30, website: 450, textarea: 32_000, picklist: 120 };

const field = (id: number, apiName: string, dataType: ModuleField['dataType'], more: Partial<ModuleField> = {}): ModuleField => ({
  id: `5540230000000${String(id).padStart(5, '0')}`,
  apiName,
  label: apiName.replaceAll('_', ' '),
  dataType,
  length: lengths[dataType] ?? 0,
  isMandatory: false,
  isUnique: false,
  isSystemDuplicateCheck: false,
  isReadOnly: false,
  isCustom: false,
  lookup: null,
  picks: [],
  ...more,
});

const readOnly = { isReadOnly: true };
const ownFields = (): Record<ModuleName, ModuleField[]> => ({
  Contacts: [
    field(101, 'Last_Name', 'text', { isMandatory: true, length: 80 }),
    field(102, 'First_Name', 'text', { length: 40 }),
    field(103, 'Full_Name', 'text', readOnly),
    field(104, 'Email', 'email', { isSystemDuplicateCheck: true }),
    field(105, 'Phone', 'phone'),
    field(106, 'Mobile', 'phone'),
    field(107, 'Account_Name', 'lookup', { lookup: 'Accounts' }),
    field(108, 'Mailing_Country', 'text'),
    field(110, 'Owner', 'ownerlookup'),
    field(109, 'Description', 'textarea'),
  ],
  Accounts: [
    field(201, 'Account_Name', 'text', { isMandatory: true, isSystemDuplicateCheck: true, length: 200 }),
    field(202, 'Phone', 'phone'),
    field(203, 'Website', 'website'),
    field(204, 'Description', 'textarea'),
    field(205, 'Billing_Country', 'text'),
    field(206, 'Owner', 'ownerlookup'),
  ],
  Deals: [
    field(301, 'Deal_Name', 'text', { isMandatory: true, isSystemDuplicateCheck: true, length: 120 }),
    field(302, 'Stage', 'picklist', { isMandatory: true, picks: stages }),
    field(303, 'Amount', 'currency'),
    field(304, 'Closing_Date', 'date'),
    field(305, 'Contact_Name', 'lookup', { lookup: 'Contacts' }),
    field(306, 'Account_Name', 'lookup', { lookup: 'Accounts' }),
    field(307, 'Description', 'textarea'),
    field(308, 'Owner', 'ownerlookup'),
  ],
});
const systemFields = (): ModuleField[] => [
  field(1, 'id', 'text', readOnly), field(2, 'Created_Time', 'datetime', readOnly), field(3, 'Modified_Time', 'datetime', readOnly),
];

/** The fields of one organisation: Zoho's own, and those that were made there. */
export class ModuleFields {
  private readonly byModule = ownFields();
  private lastCustom = 0;

  /** @param currencies of an organisation that has several: then a deal says which one its amounts are in. */
  constructor(currencies: readonly string[]) {
    if (currencies.length === 0) return;
    this.byModule.Deals.push(field(309, 'Currency', 'picklist', { picks: currencies.map((code) => ({ displayValue: code, actualValue: code })) }), field(310, 'Exchange_Rate', 'text', readOnly));
  }

  list(module: ModuleName): ModuleField[] {
    return [...systemFields(), ...this.byModule[module]];
  }

  find(module: ModuleName, apiName: string): ModuleField | undefined {
    return this.list(module).find((known) => known.apiName === apiName);
  }

  /** An administrator removes a field of the organisation's own; its values go with it. */
  remove(module: ModuleName, apiName: string): void {
    this.byModule[module] = this.byModule[module].filter((known) => !known.isCustom || known.apiName !== apiName);
  }

  /** Undefined when the module has a field of that name. The name comes of the label, as Zoho's does. */
  add(module: ModuleName, wanted: Pick<ModuleField, 'label' | 'dataType' | 'length' | 'isUnique'>): ModuleField | undefined {
    const apiName = wanted.label.trim().replace(/\W+/g, '_');
    if (this.list(module).some((known) => known.apiName === apiName)) return undefined;
    this.lastCustom += 1;
    const made = field(900 + this.lastCustom, apiName, wanted.dataType, { ...wanted, isCustom: true });
    this.byModule[module].push(made);
    return made;
  }
}

export const moduleNameOf = (name: string): ModuleName | undefined => moduleNames.find((known) => known === name);
