import { derivedFields } from '@crossdock/crm-connector';
import { asFailure, type CrmObject, type FieldDescription, type FieldType, type ObjectDescription } from '@crossdock/contracts';
import type { PublicOwner } from '@hubspot/api-client/lib/codegen/crm/owners/index.js';
import type { Property } from '@hubspot/api-client/lib/codegen/crm/properties/index.js';
import { externalKeyProperty } from '../hubspot.mapping.ts';
import { closedDealOptions, readPipelines, type DealPipeline } from './deal-pipelines.ts';
import { callOf, objectTypes, type HubSpotAccount } from './object-types.ts';

type Options = NonNullable<FieldDescription['options']>;

/** What a property holds at most; HubSpot's documents give one figure for all text. */
const longestText = 65_536;

/**
 * The properties of an object in this account but the hub's key, with owners and pipelines as options, and what follows from
 * a deal's stage. HubSpot's interface asks for no property when a record is made.
 * Source: https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide
 */
export async function describeObject(account: HubSpotAccount, object: CrmObject): Promise<ObjectDescription> {
  const { results } = await account.api.properties(callOf(account, 'properties.getAll')).getAll(objectTypes[object].type);
  const owners = results.some(isOwner) ? await readOwners(account) : [];
  const pipelines = object === 'deal' ? await readPipelines(account) : [];
  const fields = results.filter(({ name }) => name !== externalKeyProperty).map((property) => describeProperty(property, { object, owners, pipelines }));
  return { object, fields: object === 'deal' ? [...fields, ...derived] : fields };
}

const derived: readonly FieldDescription[] = [
  { name: derivedFields.dealStatus, label: 'Deal status', type: 'picklist', isCustom: false, isReadOnly: false, isRequired: false, options: closedDealOptions },
  { name: derivedFields.dealClosedAt, label: 'Closed at', type: 'date_time', isCustom: false, isReadOnly: false, isRequired: false },
];

function describeProperty(
  property: Property, { object, owners, pipelines }: { object: CrmObject; owners: Options; pipelines: readonly DealPipeline[] },
): FieldDescription {
  const options = optionsOf(property, { object, owners, pipelines });
  const type = typeOf(property, { object, hasOptions: options.length > 0 });
  return {
    name: property.name,
    label: property.label.slice(0, 255),
    type,
    isCustom: property.hubspotDefined !== true,
    isReadOnly: property.modificationMetadata?.readOnlyValue === true || property.calculated === true,
    isRequired: false,
    ...(['text', 'long_text', 'email', 'phone'].includes(type) && { maxLength: longestText }),
    ...(['picklist', 'multi_picklist', 'owner'].includes(type) && { options }),
  };
}

const isOwner = ({ referencedObjectType, fieldType }: Property): boolean => referencedObjectType === 'OWNER' && fieldType !== 'checkbox';

function optionsOf(
  property: Property, { object, owners, pipelines }: { object: CrmObject; owners: Options; pipelines: readonly DealPipeline[] },
): Options {
  if (isOwner(property)) return owners;
  const active = ({ id: value, label }: { id: string; label: string }) => ({ value, label, isActive: true });
  if (object === 'deal' && property.name === 'pipeline') return pipelines.map(active);
  if (object === 'deal' && property.name === 'dealstage') return pipelines.flatMap(({ stages }) => stages.map(active));
  return property.options.filter(({ value }) => value !== '').map(({ value, label, hidden }) => ({ value, label, isActive: !hidden }));
}

/** Options that HubSpot keeps elsewhere are not known here: such a property is text. */
function typeOf(property: Property, { object, hasOptions }: { object: CrmObject; hasOptions: boolean }): FieldType {
  const { name, type, fieldType, showCurrencySymbol } = property;
  if (isOwner(property)) return 'owner';
  switch (type) {
    case 'bool': return 'boolean';
    case 'date': return 'date';
    case 'datetime': return 'date_time';
    // Only a deal says in which currency its amounts are.
    case 'number': return object === 'deal' && (showCurrencySymbol === true || name === 'amount') ? 'money' : 'decimal';
    case 'phone_number': return 'phone';
    case 'enumeration':
      if (fieldType === 'booleancheckbox') return 'boolean';
      if (!hasOptions) return 'text';
      return fieldType === 'checkbox' ? 'multi_picklist' : 'picklist';
    case 'string':
      if (object === 'contact' && name === 'email') return 'email';
      if (fieldType === 'phonenumber') return 'phone';
      return fieldType === 'textarea' || fieldType === 'html' ? 'long_text' : 'text';
    default: return 'long_text';
  }
}

/** Those who have left too: their records still name them. None is known where the connection was made before it was asked for that scope. */
async function readOwners(account: HubSpotAccount): Promise<Options> {
  try {
    return await listOwners(account);
  } catch (thrown) {
    if (asFailure(thrown).kind === 'forbidden') return [];
    throw thrown;
  }
}

async function listOwners(account: HubSpotAccount): Promise<Options> {
  const owners: PublicOwner[] = [];
  for (const archived of [false, true]) {
    let after: string | undefined;
    do {
      const page = await account.api.owners(callOf(account, 'owners.list')).getPage(undefined, after, 100, archived);
      owners.push(...page.results);
      after = page.paging?.next?.after;
    } while (after !== undefined);
  }
  return owners.map(({ id, email, archived }) => ({ value: id, label: email ?? '', isActive: !archived }));
}
