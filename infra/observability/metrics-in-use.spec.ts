import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { declaredMetrics } from '../documents/declared-metrics.ts';
import { writtenManifests } from '../documents/kubernetes/written-manifests.fixture.ts';
import { dashboards } from './dashboards/dashboards.ts';
import { renderDashboard } from './dashboards/dashboard-json.ts';
import { groupingLabelsOf, metricsOf } from './rules/metric-names.ts';
import { ruleGroups } from './rules/rule-files.ts';
import { runbooks } from './runbooks.ts';

const rules = ruleGroups().flatMap(({ rules: each }) => each);
/** Grafana's own variables, as values that PromQL takes. */
const filledIn = (expression: string): string => expression.replaceAll('$__rate_interval', '5m').replaceAll(/\$\w+/g, 'any');
const triggersSchema = z.looseObject({ triggers: z.array(z.looseObject({ metadata: z.looseObject({ query: z.string().optional() }) })) });
/** By which replicas are added and taken away in Kubernetes. */
const scalerQuestions = writtenManifests().filter(({ kind }) => kind === 'ScaledObject')
  .flatMap(({ metadata, spec }) => triggersSchema.parse(spec).triggers.flatMap(({ metadata: { query } }) => (query === undefined ? [] : [[`the scaler of ${metadata?.name ?? ''}`, query] as const])));
const expressions: ReadonlyArray<readonly [string, string]> = [
  ...scalerQuestions,
  ...rules.map((rule) => [`the rule ${'alert' in rule ? rule.alert : rule.record}`, rule.expr] as const),
  ...Object.values(dashboards).flatMap(({ name, rows }) => rows.flatMap(({ panels }) => panels.flatMap(({ title, queries }) =>
    queries.map(({ expression }) => [`"${title}" on the dashboard ${name}`, filledIn(expression)] as const)))),
  ...runbooks().flatMap(({ file, questions }) => questions.map((question) => [`the runbook ${file}`, question] as const)),
];

const declared = new Map<string, string[]>();
for (const { name, labels } of declaredMetrics()) declared.set(name, [...declared.get(name) ?? [], ...labels]);
/** Metrics of the runtime and of Prometheus, and what the rules record. */
const others = new Map<string, readonly string[]>([
  ['up', ['job', 'instance']], ['ALERTS', ['alertname', 'alertstate']], ['nodejs_eventloop_lag_p99_seconds', []], ['process_cpu_seconds_total', []], ['process_resident_memory_bytes', []],
  ...rules.flatMap((rule) => ('record' in rule ? [[rule.record, ['slo']] as const] : [])),
]);
const ofEverySeries = ['service', 'instance', 'le', 'pod'];

/** What is said of a metric; a histogram is asked for by its parts. */
function labelsOf(metric: string): readonly string[] | undefined {
  return others.get(metric) ?? declared.get(metric) ?? declared.get(metric.replace(/_(bucket|count|sum)$/, ''));
}

describe('what rules, dashboards, runbooks and scalers ask for', () => {
  it('are many', () => {
    expect(expressions.length).toBeGreaterThan(200);
    expect(declared.size).toBeGreaterThan(40);
    expect(scalerQuestions.length).toBeGreaterThan(5);
  });

  it.each(expressions)('%s names metrics and labels that there are', (_where, expression) => {
    const uses = metricsOf(expression);
    expect(uses.length).toBeGreaterThan(0);
    expect(uses.filter(({ metric }) => labelsOf(metric) === undefined)).toEqual([]);
    for (const { metric, labels } of uses) expect([...labelsOf(metric) ?? [], ...ofEverySeries]).toEqual(expect.arrayContaining([...labels]));
    const known = uses.flatMap(({ metric }) => [...labelsOf(metric) ?? []]);
    expect([...known, ...ofEverySeries]).toEqual(expect.arrayContaining(groupingLabelsOf(expression)));
  });

  it('would not pass with a metric or a label that nobody exports, nor with what is no PromQL', () => {
    expect(metricsOf('sum by (a) (rate(crossdock_nothing{vendor="x"}[5m]))')).toEqual([{ metric: 'crossdock_nothing', labels: ['vendor'] }]);
    expect(labelsOf('crossdock_nothing')).toBeUndefined();
    expect(() => metricsOf('sum by (')).toThrow('Not PromQL');
  });

  it('is nearly all that is measured', () => {
    const asked = new Set(expressions.flatMap(([, expression]) => metricsOf(expression).map(({ metric }) => metric.replace(/_(bucket|count|sum)$/, ''))));
    const unasked = [...declared.keys()].filter((name) => !asked.has(name));
    expect(unasked.length).toBeLessThan(declared.size / 10);
  });
});

describe.each(Object.values(dashboards).map((dashboard) => [dashboard.name, dashboard] as const))('the dashboard %s', (name, dashboard) => {
  const model = z.object({
    uid: z.string(), templating: z.object({ list: z.array(z.object({ name: z.string() })) }),
    panels: z.array(z.object({ id: z.number(), title: z.string(), gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }) })),
  }).parse(JSON.parse(renderDashboard(dashboard)));

  it('stands at the address to which alerts lead', () => {
    expect(model.uid).toBe(`crossdock-${name}`);
  });

  it('has panels side by side and none upon another', () => {
    const cells = model.panels.flatMap(({ gridPos: { x, y, w, h } }) => Array.from({ length: w * h }, (_, index) => `${x + (index % w)}/${y + Math.floor(index / w)}`));
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...model.panels.map(({ gridPos: { x, w } }) => x + w))).toBeLessThanOrEqual(24);
  });

  it('explains each panel, and offers each choice that its questions use', () => {
    const panels = dashboard.rows.flatMap((row) => row.panels);
    expect(panels.filter(({ about }) => !about.endsWith('.'))).toEqual([]);
    const used = panels.flatMap(({ queries }) => queries.flatMap(({ expression }) => [...expression.matchAll(/\$(?!__)(\w+)/g)].map(([, variable]) => variable)));
    expect(model.templating.list.map((choice) => choice.name)).toEqual(['datasource', ...new Set(used)]);
  });
});
