import type { ObjectDescription } from '@crossdock/contracts';
import { z } from 'zod';
import { canonicalFieldsOf } from '../canonical-fields.ts';
import { effectiveMapping, knownFieldsOf, type DefaultRules } from '../effective-mapping.ts';
import { objectMappingSchema, type FieldMapping, type MappingRules, type ObjectMapping } from '../field-mapping.ts';
import { listed, mappingProblemSchema, problemOf, type MappingProblem } from './mapping-problem.ts';
import { folded, nearestNames } from './nearest-names.ts';
import { checkRule } from './rule-check.ts';

/**
 * Everything that is wrong with a mapping in an account, at once. One without errors carries every value over, or reports it;
 * the warnings say what it will report.
 */
export function checkMapping(mapping: ObjectMapping, description: ObjectDescription): MappingProblem[] {
  const described = new Map(description.fields.map((field) => [field.name, field]));
  const canonicalFields = canonicalFieldsOf(mapping.object);
  return [
    ...mapping.fields.flatMap((rule) => {
      const field = described.get(rule.field);
      return [...checkName(rule, [...canonicalFields.keys()]), ...(field ? checkRule(rule, canonicalFields.get(rule.canonical), field) : [unknownField(rule, description)])];
    }),
    ...checkWriters(mapping.fields),
    ...checkRequired(mapping, description),
  ];
}

/** What a tenant's rules come to in an account, beside the defaults that they leave. */
export const checkedRulesSchema = z.object({
  mapping: objectMappingSchema,
  problems: z.array(mappingProblemSchema).readonly().describe(`Errors first. Only the tenant's own rules are errors: a default that does not fit is no reason to refuse what he wants.`),
});
export type CheckedRules = z.infer<typeof checkedRulesSchema>;

/** Lays a tenant's rules over the defaults and checks what that comes to. */
export function checkRules(defaults: DefaultRules, rules: MappingRules, description: ObjectDescription): CheckedRules {
  const mapping = effectiveMapping(description.object, defaults, rules, description);
  const own = new Set(rules.fields.map(({ canonical }) => canonical));
  const decided = new Set([...own, ...rules.off]);
  const [known, described] = [knownFieldsOf(description.object, defaults), new Set(description.fields.map(({ name }) => name))];
  const leftOut = known.flatMap((canonical): MappingProblem[] => {
    const field = defaults[canonical]?.field;
    if (field === undefined || decided.has(canonical) || described.has(field)) return [];
    return [problemOf({ canonical, field })('warning', 'default_left_out', `By default ${canonical} is kept in ${field}, which the account does not have, or does not show to the connection: it is not kept in step.`,
      'Set the account up once more, map it to another field, or switch it off.')];
  });
  const notOff = rules.off.filter((canonical) => !known.includes(canonical)).map((canonical): MappingProblem => ({
    severity: 'error', code: 'nothing_to_switch_off', canonical, message: `${canonical} is none of the hub’s own fields, so that there is no default to switch off.`,
    remedy: `Those of a ${description.object} are ${listed(known)}.`,
  }));
  const problems = checkMapping(mapping, description).map((problem): MappingProblem =>
    (problem.canonical === undefined || own.has(problem.canonical) ? problem : { ...problem, severity: 'warning' }));
  const all = [...problems, ...notOff, ...leftOut];
  return { mapping, problems: [...all.filter(({ severity }) => severity === 'error'), ...all.filter(({ severity }) => severity === 'warning')] };
}

function unknownField(rule: FieldMapping, { object, fields }: ObjectDescription): MappingProblem {
  const near = nearestNames(rule.field, fields.map(({ name }) => name));
  const labelled = fields.filter(({ label }) => folded(label) === folded(rule.field)).map(({ name }) => name);
  const names = [...new Set([...labelled, ...near])].slice(0, 3);
  return problemOf(rule)('error', 'unknown_field', `The account has no field ${rule.field} of a ${object}, or does not show it to the connection.`,
    names.length > 0 ? `Did you mean ${listed(names, 'or')}?` : 'Name a field that the account’s schema lists, or open it to the connection.');
}

/** A name that differs from one of the hub's own by its spelling alone is hardly meant for a field of the tenant's. */
function checkName(rule: FieldMapping, canonicalNames: readonly string[]): MappingProblem[] {
  const own = canonicalNames.includes(rule.canonical) ? undefined : canonicalNames.find((name) => folded(name) === folded(rule.canonical));
  return own === undefined ? [] : [problemOf(rule)('warning', 'misspelt_canonical', `${rule.canonical} becomes a field of your own beside ${own}.`, `Write ${own} if that is meant.`)];
}

function checkWriters(rules: readonly FieldMapping[]): MappingProblem[] {
  const writers = rules.filter(({ direction }) => direction !== 'in');
  return [...Map.groupBy(writers, ({ field }) => field).values()].filter((group) => group.length > 1).flatMap((group) => group.map((rule) =>
    problemOf(rule)('error', 'written_twice', `${rule.field} is written by the rules for ${listed(group.map(({ canonical }) => canonical))}.`, 'Leave one of them, switch the default off, or give the others the direction in.')));
}

function checkRequired({ object, fields: rules }: ObjectMapping, { fields }: ObjectDescription): MappingProblem[] {
  const written = new Set(rules.filter(({ direction }) => direction !== 'in').map(({ field }) => field));
  if (written.size === 0) return [];
  return fields.filter(({ name, isRequired, isReadOnly }) => isRequired && !isReadOnly && !written.has(name)).map(({ name }): MappingProblem => ({
    severity: 'warning', code: 'required_unfilled', field: name, message: `A new ${object} needs a value in ${name}, and no rule writes it.`,
    remedy: 'Map a field to it, or give it a default value in the account; otherwise the CRM may refuse new records.',
  }));
}
