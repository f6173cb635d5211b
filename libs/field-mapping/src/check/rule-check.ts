import type { FieldDescription } from '@crossdock/contracts';
import { canonicalForms, type CanonicalField } from '../canonical-fields.ts';
import { longestCountryName } from '../country-names.ts';
import { exposedType, fittingTypes, isFitting, wordTypes } from '../field-fit.ts';
import type { FieldMapping } from '../field-mapping.ts';
import { transforms } from '../transforms.ts';
import { typeNames } from '../vendor-value.ts';
import { listed, problemOf, type MappingProblem } from './mapping-problem.ts';
import { checkWords } from './words-check.ts';

/** What is wrong with one rule whose field the account has. */
export function checkRule(rule: FieldMapping, canonical: CanonicalField | undefined, field: FieldDescription): MappingProblem[] {
  const problem = problemOf(rule);
  const access = rule.direction !== 'in' && field.isReadOnly
    ? [problem('error', 'read_only', `The account does not let ${rule.field} be written.`, 'Give the rule the direction in, or let the connection write the field in the account.')]
    : [];
  const fit = checkFit(rule, canonical, field);
  return [...access, ...fit, ...(fit.length === 0 ? [...checkWords(rule, canonical, field), ...checkLosses(rule, canonical, field)] : [])];
}

/** The kinds of values that meet, and what is to stand between them. */
function checkFit(rule: FieldMapping, canonical: CanonicalField | undefined, field: FieldDescription): MappingProblem[] {
  const problem = problemOf(rule);
  const exposed = exposedType(field, rule.transform);
  if (rule.transform !== undefined && exposed === undefined) {
    const types = Object.keys(transforms[rule.transform].types).map((type) => type.replace('_', ' '));
    return [problem('error', 'transform_misfit', `The transform ${rule.transform} is not for ${typeNames[field.type]}, which ${rule.field} is.`, `Leave it out, or map to a field of type ${listed(types, 'or')}.`)];
  }
  if (canonical && exposed && !isFitting(canonical.type, exposed, rule.direction)) {
    const fitting = fittingTypes(canonical.type, field, rule.direction);
    const remedy = fitting.transforms.length > 0 ? `Use the transform ${listed(fitting.transforms, 'or')}.` : `Map to a field that is ${listed(fitting.types.map((type) => typeNames[type]), 'or')}.`;
    const through = rule.transform === undefined ? '' : ` with the transform ${rule.transform}`;
    return [problem('error', 'type_misfit', `${rule.canonical} is ${canonicalForms[canonical.type]}, and ${rule.field}${through} is ${typeNames[field.type]}.`, remedy)];
  }
  if (rule.values === undefined) return [];
  if (rule.transform !== undefined) return [problem('error', 'values_misfit', 'The rule names both values and a transform.', 'Leave one of them out.')];
  if (!wordTypes.has(field.type)) {
    return [problem('error', 'values_misfit', `The rule names values, and ${rule.field} is ${typeNames[field.type]}, which has no list of words.`, 'Leave the values out, or map to a picklist or a text.')];
  }
  return [];
}

/** What the rule does not carry over whole. */
function checkLosses(rule: FieldMapping, canonical: CanonicalField | undefined, field: FieldDescription): MappingProblem[] {
  const problem = problemOf(rule);
  const problems: MappingProblem[] = [];
  const longest = longestValue(rule, canonical);
  if (rule.direction !== 'in' && field.maxLength !== undefined && longest > field.maxLength && rule.transform !== 'truncate') {
    const remedy = canonical?.type === 'text' || canonical?.type === 'long_text' ? 'Use the transform truncate, or lengthen the field in the account.' : 'Lengthen the field in the account, or map to a longer one.';
    problems.push(problem('warning', 'too_long', `${rule.canonical} may have ${longest} characters there, and ${rule.field} takes ${field.maxLength}: longer values are refused, record by record.`, remedy));
  }
  if (canonical?.type === 'date_time' && field.type === 'date') {
    problems.push(problem('warning', 'day_only', `${rule.field} keeps the day of ${rule.canonical} in UTC, and not the time.`, 'Map to a field for date and time where the time matters.'));
  }
  if (!canonical && rule.transform === undefined && (field.type === 'owner' || field.type === 'reference')) {
    const remedy = field.type === 'owner' ? 'Use the transform owner_email where another account shall know who is meant.' : 'Keep the rule where no other account is kept in step; associations of records need no rule.';
    problems.push(problem('warning', 'foreign_ids', `${rule.field} holds ids of this account, which say nothing in another one.`, remedy));
  }
  return problems;
}

/** The most characters that the vendor can be given; 0 where that is not known. */
function longestValue({ transform, values = {} }: FieldMapping, canonical: CanonicalField | undefined): number {
  const named = Object.values(values).map((words) => (typeof words === 'string' ? words : words[0] ?? '').length);
  const unnamed = canonical?.choices?.filter((word) => values[word] === undefined).map(({ length }) => length) ?? [canonical?.maxLength ?? 0];
  if (transform === 'country_name') return longestCountryName;
  return Math.max(0, ...named, ...unnamed) + (transform === 'website' ? 'https://'.length : 0);
}
