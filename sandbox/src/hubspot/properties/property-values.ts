import type { CrmObjectType } from '../crm/crm-object-types.ts';
import { hasCurrency } from '../account-currencies.ts';
import { dealPipelines, findStage } from './deal-pipelines.ts';
import { invalidProperties, type PropertyFault } from '../hubspot-refusals.ts';
import type { PropertyDefinition, PropertyDefinitions } from './property-definitions.ts';

/** Characters that a property holds. */
const longestValue = 65_536;

export type PropertyValues = Record<string, string>;

/**
 * Checks what a caller wants to write and puts it in the form HubSpot keeps: everything is text, an empty text clears.
 * Throws HubSpot's 400 that lists every fault.
 */
export function checkedValues(
  definitions: PropertyDefinitions,
  type: CrmObjectType,
  input: Readonly<Record<string, string | number | boolean | null>>,
): PropertyValues {
  const values: PropertyValues = {};
  const faults: PropertyFault[] = [];
  for (const [name, raw] of Object.entries(input)) {
    const definition = definitions.find(type, name);
    const text = raw === null ? '' : String(raw);
    const fault = definition === undefined ? unknownProperty(name) : faultOf(definitions, type, definition, text);
    if (fault !== null) faults.push(fault);
    else if (definition !== undefined) values[name] = storedForm(type, definition, text);
  }
  if (faults.length > 0) throw invalidProperties(faults);
  return values;
}

const faulty = (name: string, error: string, message: string): PropertyFault => ({ isValid: false, message, error, name });

const unknownProperty = (name: string): PropertyFault =>
  faulty(name, 'PROPERTY_DOESNT_EXIST', `Property "${name}" does not exist`);

function faultOf(definitions: PropertyDefinitions, recordType: CrmObjectType, definition: PropertyDefinition, text: string): PropertyFault | null {
  const { name, type } = definition;
  if (definition.modificationMetadata.readOnlyValue) {
    return faulty(name, 'READ_ONLY_VALUE', `"${name}" is a read only property; its value cannot be set.`);
  }
  if (text === '') return null;
  if (text.length > longestValue) return faulty(name, 'VALUE_TOO_LONG', `The value of ${name} is longer than ${String(longestValue)} characters.`);
  if (type !== 'string' && text !== text.trim()) {
    return faulty(name, 'LEADING_TRAILING_WHITESPACE', `"${text}" includes leading or trailing whitespace.`);
  }
  if (name === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) {
    return faulty(name, 'INVALID_EMAIL', `Email address ${text} is invalid`);
  }
  if (type === 'number' && !Number.isFinite(Number(text))) {
    return faulty(name, 'INVALID_NUMBER', `${text} was not a valid number.`);
  }
  if (recordType === 'line_items' && name === 'price' && Number(text) < 0) {
    return faulty(name, 'INVALID_NUMBER', 'The price of a line item cannot be negative.');
  }
  if ((type === 'datetime' || type === 'date') && Number.isNaN(timeOf(text))) {
    return faulty(name, 'INVALID_DATE', `${text} was not a valid date.`);
  }
  if (name === 'deal_currency_code' && !hasCurrency(text)) {
    return faulty(name, 'INVALID_OPTION', `"${text}" is not a part of the current effective currency codes for the portal`);
  }
  if (!isOption(definitions, definition, text)) return faulty(name, 'INVALID_OPTION', `${text} was not one of the allowed options.`);
  return null;
}

function isOption(definitions: PropertyDefinitions, definition: PropertyDefinition, text: string): boolean {
  if (definition.name === 'dealstage') return findStage(text) !== undefined;
  if (definition.name === 'pipeline') return dealPipelines.some((pipeline) => pipeline.id === text);
  if (definition.type === 'bool') return text === 'true' || text === 'false';
  if (definition.referencedObjectType === 'OWNER') return definitions.isOwner(text);
  if (definition.type !== 'enumeration' || definition.externalOptions) return true;
  const chosen = definition.fieldType === 'checkbox' ? text.split(';') : [text];
  return chosen.every((value) => definition.options.some((option) => option.value === value));
}

function storedForm(type: CrmObjectType, definition: PropertyDefinition, text: string): string {
  if (text === '') return '';
  if (definition.type === 'datetime') return new Date(timeOf(text)).toISOString();
  if (definition.type === 'date') return new Date(timeOf(text)).toISOString().slice(0, 10);
  return type === 'contacts' && definition.name === 'email' ? text.trim().toLowerCase() : text;
}

/** Milliseconds of a time given as ISO text or as epoch milliseconds; NaN when it is neither. */
export function timeOf(text: string): number {
  return /^-?\d+$/.test(text) ? Number(text) : Date.parse(text);
}
