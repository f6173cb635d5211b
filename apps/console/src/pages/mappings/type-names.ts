import type { Direction, Mapping, Transform } from './mapping-draft.ts';
import type { AccountField } from './mapping-queries.ts';

type HubType = Mapping['hubFields'][number]['type'];

/** Types of values as people read them. */
export const typeNames: Readonly<Record<HubType | AccountField['type'], string>> = {
  text: 'text', long_text: 'long text', email: 'e-mail', phone: 'phone number', country: 'country', hostname: 'host name', money: 'amount of money', date_time: 'date and time',
  choice: 'word of a list', url: 'web address', integer: 'whole number', decimal: 'number', boolean: 'yes or no', date: 'date', picklist: 'word of a list',
  multi_picklist: 'words of a list', owner: 'person of the account', reference: 'another record',
};

export const directionNames: Readonly<Record<Direction, string>> = { both: 'Read and written', in: 'Only read', out: 'Only written' };

export const transformNames: Readonly<Record<Transform, string>> = {
  country_name: 'Country by its name', website: 'Web address of a host', owner_email: 'Person by e-mail', truncate: 'Cut to what fits',
};

export const objectNames = { contact: 'Contacts', company: 'Companies', deal: 'Deals' } as const satisfies Record<Mapping['object'], string>;
