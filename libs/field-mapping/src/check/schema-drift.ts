import type { FieldDescription, ObjectDescription } from '@crossdock/contracts';
import { canonicalFieldsOf } from '../canonical-fields.ts';
import type { FieldMapping, ObjectMapping } from '../field-mapping.ts';
import { typeNames } from '../vendor-value.ts';
import { listed, problemOf, type MappingProblem } from './mapping-problem.ts';
import { checkRule } from './rule-check.ts';

/**
 * What has changed in an account since a mapping was made for it, as far as that hits its rules, each as a warning.
 * @param before what the account looked like when the mapping was saved, or accepted since.
 * @param mapping the rules that held with that description.
 */
export function schemaDrift(before: ObjectDescription, after: ObjectDescription, mapping: ObjectMapping): MappingProblem[] {
  const [old, now] = [before, after].map(({ fields }) => new Map(fields.map((field) => [field.name, field])));
  const written = new Set(mapping.fields.filter(({ direction }) => direction !== 'in').map(({ field }) => field));
  const required = after.fields.filter(({ name, isRequired, isReadOnly }) => isRequired && !isReadOnly && written.size > 0 && !written.has(name) && old?.get(name)?.isRequired !== true);
  return [
    ...mapping.fields.flatMap((rule) => {
      const [was, is] = [old?.get(rule.field), now?.get(rule.field)];
      return was ? ruleDrift(rule, mapping, was, is) : [];
    }),
    ...required.map(({ name }): MappingProblem => ({
      severity: 'warning', code: 'became_required', field: name, message: `The account now asks for a value in ${name} of every new ${mapping.object}, and no rule writes it.`,
      remedy: 'Map a field to it, or give it a default value in the account; otherwise the CRM may refuse new records.',
    })),
  ];
}

function ruleDrift(rule: FieldMapping, { object }: ObjectMapping, was: FieldDescription, is: FieldDescription | undefined): MappingProblem[] {
  const warn = (code: MappingProblem['code'], message: string, remedy: string) => problemOf(rule)('warning', code, message, remedy);
  if (!is) {
    return [warn('field_removed', `The account no longer has ${rule.field}, or does not show it to the connection: ${rule.canonical} is neither read nor written, and what the hub knows of it stays.`,
      'Make the field again or open it to the connection, or map to another one.')];
  }
  const isWritten = rule.direction !== 'in';
  const changes: MappingProblem[] = [];
  if (is.type !== was.type) {
    const error = checkRule(rule, canonicalFieldsOf(object).get(rule.canonical), is).find(({ severity }) => severity === 'error');
    changes.push(warn('type_changed', `${rule.field} was ${typeNames[was.type]} and is now ${typeNames[is.type]}${error ? `, which the rule does not fit: ${error.message}` : '.'}`, error?.remedy ?? 'See whether the rule still says what you want.'));
  }
  if (isWritten && is.isReadOnly && !was.isReadOnly) {
    changes.push(warn('became_read_only', `${rule.field} can no longer be written.`, 'Let the connection write it in the account, or give the rule the direction in.'));
  }
  if (isWritten && is.maxLength !== undefined && is.maxLength < (was.maxLength ?? Infinity)) {
    changes.push(warn('became_shorter', `${rule.field} takes ${is.maxLength} characters now: longer values are refused, record by record.`, 'Lengthen the field in the account, or use the transform truncate.'));
  }
  return [...changes, ...optionDrift(rule, was, is)];
}

function optionDrift(rule: FieldMapping, was: FieldDescription, is: FieldDescription): MappingProblem[] {
  if (!was.options || !is.options) return [];
  const now = new Map(is.options.map((option) => [option.value, option]));
  const known = new Set(was.options.map(({ value }) => value));
  const removed = was.options.filter(({ value }) => !now.has(value));
  const deactivated = was.options.filter(({ value, isActive }) => isActive && now.get(value)?.isActive === false);
  const warn = (code: MappingProblem['code'], message: string, remedy: string) => problemOf(rule)('warning', code, message, remedy);
  if (was.type === 'owner') {
    const count = removed.length + deactivated.length;
    return count === 0 ? [] : [warn('owners_left', `${count} owners that ${rule.field} could name have left the account: values that name them can no longer be written.`, 'Give their records other owners.')];
  }
  return [
    ...removed.map(({ value, label }) => {
      const successor = is.options?.find((option) => !known.has(option.value) && option.label === label);
      return successor
        ? warn('option_renamed', `The option "${value}" of ${rule.field} is now "${successor.value}".`, `Name "${successor.value}" under values.`)
        : warn('option_removed', `${rule.field} no longer has the option "${value}": it can no longer be written.`, `Add it in the account again, or name another one under values${rule.values ? '' : ` for "${value}"`}.`);
    }),
    ...(deactivated.length > 0 && rule.direction !== 'in' ? [warn('option_deactivated', `${listed(deactivated.map(({ value }) => `"${value}"`))} of ${rule.field} can be read, but no longer written.`, 'Activate it in the account, or name another one under values.')] : []),
  ];
}
