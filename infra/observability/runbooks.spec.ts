import { describe, expect, it } from '@jest/globals';
import { alertName } from './rules/alert.ts';
import { alerts } from './rules/rule-files.ts';
import { runbooks } from './runbooks.ts';

const pages = runbooks();

describe('the runbooks of alerts', () => {
  it('have a section for each alert on the page that it names, and for no other', () => {
    const written = pages.flatMap(({ file, sections }) => sections.flatMap((section) => section.alerts.map((alert) => `${file}: ${alert}`)));
    expect(written.sort()).toEqual(alerts.map((alert) => `${alert.runbook}: ${alertName(alert)}`).sort());
  });

  it.each(pages.flatMap(({ sections }) => sections.map(({ alerts: [first = ''], text }) => [first, text] as const)))('say of %s what is seen, what to check, what to do and whom to call', (_alert, text) => {
    expect([...text.matchAll(/^\*\*(\w+)\.\*\*/gm)].map(([, word]) => word)).toEqual(['Symptom', 'Check', 'Fix', 'Escalate']);
    expect(text).toContain('```promql');
  });

  it('have nobody type, in order to look, what changes anything', () => {
    const commands = pages.flatMap((page) => page.commands);
    expect(commands.length).toBeGreaterThan(5);
    expect(commands.filter((command) => !/^(dead-letters list|calls usage|replay list|audit list|flags list)\b/.test(command))).toEqual([]);
  });
});
