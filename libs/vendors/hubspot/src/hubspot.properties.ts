/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- the SDK's models are shapes that it serialises by name; its documents give them as literals, and its types hold them to the shape. */
import type { Connection } from '@crossdock/connections';
import { asFailure, Failure } from '@crossdock/contracts';
import { PropertyCreateFieldTypeEnum, PropertyCreateTypeEnum } from '@hubspot/api-client/lib/codegen/crm/properties/index.js';
import type { HubSpotApi } from './hubspot.api.ts';
import {
  externalKeyProperty, lineItemsProperty, orderSourceProperty, orderStatusProperty, sampleRequestProperty, sampleStatusProperty,
} from './hubspot.mapping.ts';

/** A property of the hub's own, which the set-up makes where it is missing. */
interface HubProperty {
  readonly objectType: 'contacts' | 'companies' | 'deals';
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** Records are found by it, so that no two may have one value. */
  readonly isKey: boolean;
  /** Nothing is wrong with an account that does not have it. */
  readonly isOptional?: true;
  /** Has several lines. */
  readonly isLong?: true;
}

const key = (objectType: HubProperty['objectType'], what: string): HubProperty => ({
  objectType, name: externalKeyProperty, label: 'Crossdock key', description: `Keeps the key by which Crossdock finds this ${what}. Do not change.`, isKey: true,
});

/** The order's status is text: a list of options would refuse a deal once an administrator trims it. */
const hubProperties: readonly HubProperty[] = [
  key('contacts', 'contact'), key('companies', 'company'), key('deals', 'deal'),
  { objectType: 'deals', name: orderStatusProperty, label: 'Order status', description: 'Where the order of this deal stands. Crossdock writes it.', isKey: false },
  {
    objectType: 'deals', name: lineItemsProperty, label: 'Order lines', isKey: false, isOptional: true, isLong: true,
    description: 'What was ordered, a line each. Crossdock writes it.',
  },
  { objectType: 'deals', name: orderSourceProperty, label: 'Order source', isKey: false, isOptional: true, description: 'The shop that the order comes from. Crossdock writes it.' },
  {
    objectType: 'deals', name: sampleRequestProperty, label: 'Sample request', isKey: false, isOptional: true,
    description: 'Which sample kit Crossdock sends for this deal, such as starter or 3 x starter.',
  },
  {
    objectType: 'deals', name: sampleStatusProperty, label: 'Sample status', isKey: false, isOptional: true,
    description: 'Where the sample for this deal stands. Crossdock writes it.',
  },
];

const groups = { contacts: 'contactinformation', companies: 'companyinformation', deals: 'dealinformation' } as const;
const namesOf = (properties: readonly HubProperty[]): string => properties.map(({ objectType, name }) => `${name} of ${objectType}`).join(', ');

/** Makes the hub's properties in one account, each unless it is there, made by whomever. */
export class HubSpotProperties {
  readonly #api: HubSpotApi;
  readonly #connection: Connection;
  readonly #signal: AbortSignal;

  constructor(api: HubSpotApi, connection: Connection, signal: AbortSignal) {
    this.#api = api;
    this.#connection = connection;
    this.#signal = signal;
  }

  /** Whether the keys of all three types are there, with unique values. @throws Failure where HubSpot gave no answer. */
  async hasKeys(): Promise<boolean> {
    for (const property of hubProperties.filter(({ isKey }) => isKey)) {
      if (await this.#find(property) !== 'usable') return false;
    }
    return true;
  }

  /** @throws Failure `forbidden` that names all properties which a person has to make or to mend. */
  async make(): Promise<void> {
    const [missing, unusable]: [HubProperty[], HubProperty[]] = [[], []];
    for (const property of hubProperties) {
      // What nobody waits for is not looked for first: creating it tells whether it is there, and a set-up makes few calls.
      const found = property.isOptional ? 'missing' : await this.#find(property);
      if (found === 'not_unique') unusable.push(property);
      if (found === 'missing' && await this.#create(property) === 'forbidden' && !property.isOptional) missing.push(property);
    }
    if (missing.length === 0 && unusable.length === 0) return;
    throw new Failure('forbidden', [
      missing.length > 0 && `These properties are missing in this HubSpot account, and Crossdock may not create them: ${namesOf(missing)}. A HubSpot administrator creates them as text, ${externalKeyProperty} with unique values.`,
      unusable.length > 0 && `These properties exist in this HubSpot account without being unique: ${namesOf(unusable)}. Remove them there, then reconnect.`,
    ].filter((sentence) => sentence !== false).join(' '));
  }

  async #find({ objectType, name, isKey }: HubProperty): Promise<'usable' | 'not_unique' | 'missing'> {
    try {
      const api = this.#api.properties({ connection: this.#connection, operation: 'properties.get', signal: this.#signal });
      const property = await api.getByName(objectType, name);
      return isKey && property.hasUniqueValue !== true ? 'not_unique' : 'usable';
    } catch (thrown) {
      // Where it may not be read, creating it tells whether it is there.
      if (['not_found', 'forbidden'].includes(asFailure(thrown).kind)) return 'missing';
      throw thrown;
    }
  }

  async #create(property: HubProperty): Promise<'created' | 'forbidden'> {
    const { objectType, name, label, description, isKey, isLong = false } = property;
    try {
      const api = this.#api.properties({ connection: this.#connection, operation: 'properties.create', signal: this.#signal });
      await api.create(objectType, {
        name, label, description, groupName: groups[objectType],
        type: PropertyCreateTypeEnum.String, fieldType: isLong ? PropertyCreateFieldTypeEnum.Textarea : PropertyCreateFieldTypeEnum.Text, hasUniqueValue: isKey, formField: false,
      });
    } catch (thrown) {
      const { kind } = asFailure(thrown);
      if (kind === 'forbidden') return 'forbidden';
      // Another made it in this moment.
      if (kind !== 'conflict' || (!property.isOptional && await this.#find(property) !== 'usable')) throw thrown;
    }
    return 'created';
  }
}
