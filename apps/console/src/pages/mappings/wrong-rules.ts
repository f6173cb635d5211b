import { ApiProblem } from '../../api/api-problem.ts';
import type { Rules } from './mapping-draft.ts';

/** What the hub cannot even read of rules, by the field that it is about: `/fields/3/canonical` is about the fourth rule. */
export function wrongRules(problem: unknown, rules: Rules): ReadonlyMap<string, string> {
  if (!(problem instanceof ApiProblem)) return new Map();
  return new Map(problem.errors.flatMap(({ pointer, detail }) => {
    const [, list, place = ''] = /^\/(fields|off)\/(\d+)/.exec(pointer) ?? [];
    const canonical = list === 'off' ? rules.off?.[Number(place)] : rules.fields?.[Number(place)]?.canonical;
    return canonical === undefined ? [] : [[canonical, detail]];
  }));
}
