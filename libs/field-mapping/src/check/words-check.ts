import type { FieldDescription } from '@crossdock/contracts';
import type { CanonicalField } from '../canonical-fields.ts';
import type { FieldMapping } from '../field-mapping.ts';
import { ruleConversion } from '../rule-conversion.ts';
import { Refusal } from '../transforms.ts';
import { ValueWords } from '../value-words.ts';
import { listed, problemOf, type MappingProblem } from './mapping-problem.ts';
import { nearestNames } from './nearest-names.ts';

/** What is wrong with the words that a rule names, and which words of either side it does not carry over. */
export function checkWords(rule: FieldMapping, canonical: CanonicalField | undefined, field: FieldDescription): MappingProblem[] {
  return [...checkNamed(rule, canonical, field), ...checkUnnamed(rule, canonical, field)];
}

function checkNamed(rule: FieldMapping, canonical: CanonicalField | undefined, field: FieldDescription): MappingProblem[] {
  const problem = problemOf(rule);
  const words = new ValueWords(rule.values ?? {});
  const options = field.options && new Map(field.options.map((option) => [option.value, option]));
  const written = new Set(Object.keys(rule.values ?? {}).map((word) => words.toVendor(word, false)));
  return [
    ...(canonical?.choices ? Object.keys(rule.values ?? {}).filter((word) => canonical.choices?.includes(word) === false) : []).map((word) =>
      problem('error', 'unknown_value', `${rule.canonical} is never "${word}".`, `It is one of ${listed(canonical?.choices ?? [])}.`)),
    ...(rule.direction === 'out' ? [] : words.ambiguous).map((word) =>
      problem('error', 'ambiguous_value', `"${word}" of ${rule.field} stands for more than one value of ${rule.canonical}, so that it cannot be read.`, 'Give each a value of its own, or give the rule the direction out.')),
    ...(options ? words.vendorWords.filter((word) => !options.has(word)) : []).map((word) => {
      const near = nearestNames(word, [...options?.keys() ?? []]);
      return problem('error', 'option_missing', `${rule.field} has no option "${word}".`, near.length > 0 ? `Did you mean ${listed(near, 'or')}? Or add the option in the account.` : 'Name one of its options, or add it in the account.');
    }),
    ...(rule.direction === 'in' ? [] : words.vendorWords.filter((word) => written.has(word) && options?.get(word)?.isActive === false)).map((word) =>
      problem('error', 'option_inactive', `The option "${word}" of ${rule.field} is not active, so that it cannot be written.`, 'Activate it in the account, or name another one.')),
  ];
}

/** Tries the words that either side has, as records will. */
function checkUnnamed(rule: FieldMapping, canonical: CanonicalField | undefined, field: FieldDescription): MappingProblem[] {
  const problem = problemOf(rule);
  const conversion = ruleConversion(rule, canonical, field);
  const problems: MappingProblem[] = [];
  if (rule.transform === 'owner_email' && field.options === undefined) {
    problems.push(problem('error', 'not_readable', `The account does not tell who the owners of ${rule.field} are.`, 'Let the connection read the account’s users, or leave the transform out.'));
  }
  const unwritten = rule.direction === 'in' ? [] : (canonical?.choices ?? []).filter((word) => rule.values?.[word] === undefined && conversion.out(word) instanceof Refusal);
  if (unwritten.length > 0) {
    problems.push(problem('warning', 'no_counterpart', `${listed(unwritten)} of ${rule.canonical} cannot be written to ${rule.field}: there is no active option of that name, or it stands for another value.`, 'Name the counterparts under values.'));
  }
  const readable = rule.direction === 'out' ? [] : field.options?.filter(({ isActive }) => isActive) ?? [];
  const unread = readable.filter(({ value }) => conversion.in(value) instanceof Refusal);
  if (unread.length > 0) {
    const isAll = unread.length === readable.length;
    // An owner's label is his e-mail, and without one it may be his name.
    const which = field.type === 'owner' ? `${unread.length} owners` : listed(unread.map(({ value }) => value));
    const remedy = rule.transform === undefined ? 'Name their counterparts under values, or use a transform.' : 'Rename them in the account, or map to another field.';
    problems.push(problem(isAll ? 'error' : 'warning', 'not_readable', `${which} of ${rule.field} cannot be read as ${rule.canonical}: such values are left out and reported, record by record.`, remedy));
  }
  return problems;
}
