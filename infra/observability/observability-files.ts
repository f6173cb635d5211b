import { renderRuleCases, renderRules, RULE_CASES_FILES, RULES_FILE } from './rules/rule-files.ts';

/** What Prometheus and Grafana read: text by path from the repository's root. */
export function observabilityFiles(): Map<string, string> {
  return new Map([
    [RULES_FILE, renderRules()],
    [RULE_CASES_FILES['1m'], renderRuleCases('1m')],
    [RULE_CASES_FILES['30m'], renderRuleCases('30m')],
  ]);
}
