import { Failure } from '@crossdock/contracts';
import { externalKeyField, lineItemsField, orderSourceField, orderStatusField, sampleRequestField, sampleStatusField } from './salesforce.mapping.ts';

/** A field of the hub's own, which the set-up makes where it is missing. */
export interface HubField {
  readonly type: 'Account' | 'Contact' | 'Opportunity';
  readonly name: string;
  /** Records are found by it: an external id, whose values are unique. */
  readonly isKey: boolean;
  readonly kind: 'key' | 'word' | 'text' | 'long_text';
  readonly label: string;
  readonly description: string;
}

const key = (type: HubField['type']): HubField => ({
  type, name: externalKeyField, isKey: true, kind: 'key', label: 'Crossdock External Id',
  description: 'Keeps the key by which Crossdock finds this record. Do not change.',
});

/** The order's status is text: a picklist would refuse an opportunity once an administrator trims it. */
export const hubFields: readonly HubField[] = [
  key('Account'), key('Contact'), key('Opportunity'),
  { type: 'Opportunity', name: orderStatusField, isKey: false, kind: 'word', label: 'Order Status', description: 'Where the order of this opportunity stands. Crossdock writes it.' },
  { type: 'Opportunity', name: lineItemsField, isKey: false, kind: 'long_text', label: 'Order Lines', description: 'What was ordered, a line each. Crossdock writes it.' },
  { type: 'Opportunity', name: orderSourceField, isKey: false, kind: 'text', label: 'Order Source', description: 'The shop that the order comes from. Crossdock writes it.' },
  { type: 'Opportunity', name: sampleRequestField, isKey: false, kind: 'text', label: 'Sample Request', description: 'Which sample kit Crossdock sends for this opportunity, such as starter or 3 x starter.' },
  { type: 'Opportunity', name: sampleStatusField, isKey: false, kind: 'text', label: 'Sample Status', description: 'Where the sample for this opportunity stands. Crossdock writes it.' },
];

/** A long text area says how many lines its pages show. */
const metadataOf: Readonly<Record<HubField['kind'], object>> = {
  key: { type: 'Text', length: 255, externalId: true, unique: true, caseSensitive: false }, word: { type: 'Text', length: 40 },
  text: { type: 'Text', length: 255 }, long_text: { type: 'LongTextArea', length: 32_768, visibleLines: 5 },
};

/** The field as the Tooling API takes it. */
export function toToolingField({ type, name, kind, label, description }: HubField): object {
  return { FullName: `${type}.${name}`, Metadata: { ...metadataOf[kind], label, description } };
}

/** Only a person of the organisation can help with these fields. */
export function missingFields(fields: readonly HubField[]): Failure {
  const names = fields.map(({ type, name }) => `${name} of ${type}`).join(', ');
  return new Failure('forbidden', `These fields are missing in this Salesforce organisation or hidden from the connected user, and Crossdock may not mend that: ${names}. An administrator must create them as text, ${lineItemsField} as long text area, ${externalKeyField} as unique external id with 255 characters, and let the user read and edit them.`, {
    ...(fields[0] && { field: fields[0].name }),
  });
}
