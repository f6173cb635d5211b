import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../../launch/folders.mjs';
import { providePrometheus } from '../prometheus-programs.ts';
import { alertName } from './alert.ts';
import { groupingLabelsOf, metricsOf } from './metric-names.ts';
import { objectives } from './objectives.ts';
import { Pace, secondsOf } from './pace.ts';
import { alerts, ruleCaseFiles, ruleFiles, ruleGroups } from './rule-files.ts';

const programs = providePrometheus();
const casesTimeoutMs = 600_000;

if ('missing' in programs) {
  describe('the rules', () => {
    it(`are read here, and not played by promtool: ${programs.missing}`, () => {
      expect(programs.missing).toMatch(/\.$/);
    });
  });
} else {
  const promtool = (...args: string[]): { status: number | null; output: string } => {
    const { status, stdout, stderr } = spawnSync(programs.promtool, args, { cwd: ROOT, encoding: 'utf8' });
    return { status, output: `${stdout}${stderr}` };
  };

  describe('the rules, as promtool sees them', () => {
    it('are valid', () => {
      expect(promtool('check', 'rules', ...ruleFiles().keys())).toEqual({ status: 0, output: expect.stringContaining('SUCCESS') });
    });

    it.each([...ruleCaseFiles().keys()])('fire and are silent as their cases say: %s', (file) => {
      expect(promtool('test', 'rules', file)).toEqual({ status: 0, output: expect.stringContaining('SUCCESS') });
    }, casesTimeoutMs);

    it('would be refused where a case says something else than its alert', () => {
      const { status, output } = promtool('test', 'rules', join('infra', 'observability', 'rules', 'wrong-case.fixture.yaml'));
      expect(status).toBe(1);
      expect(output).toContain('CrossdockOutboxStuck');
    });
  });
}

describe('every alert', () => {
  it('has a name of its own', () => {
    const names = alerts.map(alertName);
    expect(names.length).toBeGreaterThan(30);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(alerts.map((alert) => [alertName(alert), alert] as const))('%s says one sentence with its number', (_name, { summary, fires }) => {
    expect(summary.replaceAll(/\{\{ \$value[^}]*\}\}/g, '0').replaceAll(/\{\{[^}]*\}\}/g, 'this')).toMatch(/^[^.]*\b0\b[^.]*\.$/);
    expect(fires.says).toMatch(/\d/);
    expect(fires.says).not.toContain('{{');
  });

  it.each(alerts.map((alert) => [alertName(alert), alert] as const))('%s can be read, and tells by its sentence nothing that it does not know', (_name, alert) => {
    const expression = alert.expression(new Pace());
    expect(metricsOf(expression).length).toBeGreaterThan(0);
    const known = [...groupingLabelsOf(expression), ...metricsOf(expression).flatMap(({ labels }) => labels)];
    const told = [...alert.summary.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
    expect(known).toEqual(expect.arrayContaining(told));
  });
});

describe('what spends a budget', () => {
  it.each(objectives.map(({ name, target }) => [name, target] as const))('of %s too fast pages at 14.4 and 6 times what may be, too slowly for that is a ticket', (name, target) => {
    const expressions = alerts.map((alert) => alert.expression(new Pace())).filter((expression) => expression.includes(`slo="${name}"`));
    const thresholds = expressions.flatMap((expression) => [...expression.matchAll(/> ([\d.e-]+)/g)].map(([, number]) => Number(number) / (1 - target)));
    expect(thresholds.map((rate) => Math.round(rate * 10) / 10)).toEqual([14.4, 14.4, 6, 6, 1, 1]);
  });
});

describe('the pace of rules', () => {
  it('leaves durations as they are written, or plays them faster', () => {
    expect(new Pace().window('15m')).toBe('15m');
    expect([new Pace(1 / 60).window('15m'), new Pace(1 / 60).hold('90s'), new Pace(1 / 60).seconds('1h')]).toEqual(['15s', '2s', 60]);
    expect(new Pace(1 / 60).window('1m')).toBe('5s');
    expect([secondsOf('3d'), secondsOf('0s')]).toEqual([259_200, 0]);
  });

  it('changes nothing of the rules but durations', () => {
    const shape = (pace: Pace): string => JSON.stringify(ruleGroups(pace)).replaceAll(/\b\d+[smhd]?\b/g, 'N');
    expect(shape(new Pace(1 / 2)).length).toBe(shape(new Pace()).length);
  });
});
