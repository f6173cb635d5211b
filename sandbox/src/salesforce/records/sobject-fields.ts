export const sobjectTypes = ['Account', 'Contact', 'Opportunity', 'OpportunityContactRole'] as const;
export type SObjectType = (typeof sobjectTypes)[number];

export interface SObjectField {
  name: string;
  label: string;
  type: 'id' | 'string' | 'textarea' | 'email' | 'phone' | 'url' | 'picklist' | 'multipicklist' | 'currency' | 'double' | 'date' | 'datetime' | 'boolean' | 'reference';
  length: number;
  createable: boolean;
  updateable: boolean;
  nillable: boolean;
  externalId: boolean;
  unique: boolean;
  custom: boolean;
  picklist: string[];
  /** No value is taken but those of the list. */
  restrictedPicklist: boolean;
  referenceTo: (SObjectType | 'User')[];
  relationshipName: string | null;
}

export const idPrefixes: Record<SObjectType, string> = { Account: '001', Contact: '003', Opportunity: '006', OpportunityContactRole: '00K' };
export const requiredFields: Record<SObjectType, string[]> = {
  Account: ['Name'],
  Contact: ['LastName'],
  Opportunity: ['Name', 'StageName', 'CloseDate'],
  OpportunityContactRole: ['OpportunityId', 'ContactId'],
};
export const externalIdField = 'Crossdock_External_Id__c';
export const orderStatusField = 'Crossdock_Order_Status__c';
export const lineItemsField = 'Crossdock_Line_Items__c';
export const orderSourceField = 'Crossdock_Order_Source__c';
export const sampleRequestField = 'Crossdock_Sample_Request__c';
export const sampleStatusField = 'Crossdock_Sample_Status__c';

/** Stages of a new org and how likely they make a deal; 100 is won, 0 is lost. */
export const opportunityStages: Record<string, number> = {
  Prospecting: 10,
  Qualification: 10,
  'Needs Analysis': 20,
  'Value Proposition': 50,
  'Id. Decision Makers': 60,
  'Perception Analysis': 70,
  'Proposal/Price Quote': 75,
  'Negotiation/Review': 90,
  'Closed Won': 100,
  'Closed Lost': 0,
};

export const field = (name: string, type: SObjectField['type'], more: Partial<SObjectField> = {}): SObjectField => ({
  name,
  label: name.replace(/__c$/, '').replace(/_|([a-z])(?=[A-Z])/g, '$1 ').trim(),
  type,
  length: type === 'string' || type === 'url' ? 255 : type === 'id' || type === 'reference' ? 18 : type === 'email' ? 80 : type === 'phone' ? 40 : 0,
  createable: true,
  updateable: true,
  nillable: true,
  externalId: false,
  unique: false,
  custom: name.endsWith('__c'),
  picklist: [],
  restrictedPicklist: false,
  referenceTo: [],
  relationshipName: null,
  ...more,
});

const systemField = (name: string, type: SObjectField['type']): SObjectField =>
  field(name, type, { createable: false, updateable: false, nillable: false });

const systemFields = [
  systemField('Id', 'id'),
  systemField('IsDeleted', 'boolean'),
  systemField('CreatedDate', 'datetime'),
  systemField('LastModifiedDate', 'datetime'),
  systemField('SystemModstamp', 'datetime'),
];

/** The record into which this one was merged. */
const masterRecord = (type: SObjectType): SObjectField => ({ ...systemField('MasterRecordId', 'reference'), nillable: true, referenceTo: [type] });

/** Whoever makes a record owns it, unless another is named. */
const owner = field('OwnerId', 'reference', { nillable: false, referenceTo: ['User'], relationshipName: 'Owner' });
const accountReference = field('AccountId', 'reference', { referenceTo: ['Account'], relationshipName: 'Account' });

const ownFields: Record<SObjectType, SObjectField[]> = {
  Account: [
    masterRecord('Account'),
    owner,
    field('Name', 'string', { nillable: false }),
    field('Phone', 'phone'),
    field('Website', 'url'),
    field('Industry', 'picklist', { picklist: ['Agriculture', 'Retail', 'Technology', 'Other'] }),
    field('Tier__c', 'picklist', { picklist: ['Gold', 'Silver'], restrictedPicklist: true }),
    field('Interests__c', 'multipicklist', { picklist: ['Coffee', 'Cocoa', 'Tea'], restrictedPicklist: true }),
    field('BillingStreet', 'string'),
    field('BillingCity', 'string', { length: 40 }),
    field('BillingPostalCode', 'string', { length: 20 }),
    field('BillingCountry', 'string', { length: 80 }),
    field('Description', 'textarea', { length: 32_000 }),
  ],
  Contact: [
    masterRecord('Contact'),
    owner,
    systemField('Name', 'string'),
    field('FirstName', 'string', { length: 40 }),
    field('LastName', 'string', { length: 80, nillable: false }),
    accountReference,
    field('Email', 'email'),
    field('Phone', 'phone'),
    field('MobilePhone', 'phone'),
    field('Title', 'string', { length: 128 }),
    field('MailingStreet', 'string'),
    field('MailingCity', 'string', { length: 40 }),
    field('MailingPostalCode', 'string', { length: 20 }),
    field('MailingCountry', 'string', { length: 80 }),
    field('Description', 'textarea', { length: 32_000 }),
  ],
  Opportunity: [
    owner,
    field('Name', 'string', { length: 120, nillable: false }),
    accountReference,
    field('StageName', 'picklist', { nillable: false, picklist: Object.keys(opportunityStages) }),
    field('Amount', 'currency'),
    field('CloseDate', 'date', { nillable: false }),
    field('Probability', 'double'),
    field('Description', 'textarea', { length: 32_000 }),
    systemField('IsClosed', 'boolean'),
    systemField('IsWon', 'boolean'),
  ],
  OpportunityContactRole: [
    field('OpportunityId', 'reference', { updateable: false, nillable: false, referenceTo: ['Opportunity'], relationshipName: 'Opportunity' }),
    field('ContactId', 'reference', { nillable: false, referenceTo: ['Contact'], relationshipName: 'Contact' }),
    field('Role', 'picklist', { picklist: ['Business User', 'Decision Maker', 'Economic Buyer', 'Influencer', 'Other'] }),
    field('IsPrimary', 'boolean'),
  ],
};

/** A type's fields with those that were added to it, by name without regard to case as in SOQL. */
export function fieldsOf(type: SObjectType, added: readonly SObjectField[]): Map<string, SObjectField> {
  return new Map([...systemFields, ...ownFields[type], ...added].map((entry) => [entry.name.toLowerCase(), entry]));
}

export const sobjectTypeOf = (name: string): SObjectType | undefined =>
  sobjectTypes.find((type) => type.toLowerCase() === name.toLowerCase());
