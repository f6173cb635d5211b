import type { Choice, Dashboard, Panel, Row } from './dashboard.ts';

/** A dashboard as Grafana stores it; see Grafana's documentation of the dashboard JSON model. */
const schemaVersion = 39;
const columns = 24;
const heights = { lines: 8, number: 4 } as const;
const widths = { lines: 8, number: 4 } as const;
const datasource = { type: 'prometheus', uid: '${datasource}' } as const;

/** The JSON of a dashboard, with rows one below the other and panels from left to right. */
export function renderDashboard({ name, title, choices = [], rows }: Dashboard): string {
  const model = {
    uid: `crossdock-${name}`, title: `Crossdock: ${title}`, tags: ['crossdock'], schemaVersion, editable: false, refresh: '30s',
    time: { from: 'now-6h', to: 'now' }, timezone: 'utc', graphTooltip: 1,
    links: [{ type: 'dashboards', title: 'Crossdock', tags: ['crossdock'], asDropdown: true, keepTime: true }],
    annotations: { list: [firingAlerts] },
    templating: { list: [sourceChoice, ...choices.map(choiceOf)] },
    panels: layOut(rows),
  };
  return `${JSON.stringify(model, null, 2)}\n`;
}

/** Alerts that fired, as marks over all panels. */
const firingAlerts = {
  name: 'Alerts', enable: true, datasource, iconColor: 'red', titleFormat: '{{alertname}}',
  expr: 'ALERTS{alertname=~"Crossdock.*", alertstate="firing"}',
} as const;

const sourceChoice = { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' } as const;

function choiceOf({ name, metric }: Choice): object {
  return {
    name, type: 'query', datasource, query: `label_values(${metric}, ${name})`, refresh: 2, sort: 1,
    multi: true, includeAll: true, allValue: '.*', current: { text: ['All'], value: ['$__all'] },
  };
}

function layOut(rows: readonly Row[]): object[] {
  const panels: object[] = [];
  let y = 0;
  for (const { title, panels: ofRow } of rows) {
    panels.push({ id: panels.length + 1, type: 'row', title, collapsed: false, gridPos: { h: 1, w: columns, x: 0, y }, panels: [] });
    y += 1;
    let [x, height] = [0, 0];
    for (const panel of ofRow) {
      const [w, h] = [widths[panel.shows], heights[panel.shows]];
      if (x + w > columns) [x, y, height] = [0, y + height, 0];
      panels.push({ id: panels.length + 1, gridPos: { h, w, x, y }, ...panelOf(panel) });
      x += w;
      height = Math.max(height, h);
    }
    y += height;
  }
  return panels;
}

function panelOf({ title, about, shows, unit, queries, bound }: Panel): object {
  const steps = bound === undefined
    ? [{ color: 'green', value: null }]
    : [{ color: bound.isFloor ? 'red' : 'green', value: null }, { color: bound.isFloor ? 'green' : 'red', value: bound.value }];
  return {
    type: shows === 'lines' ? 'timeseries' : 'stat', title, description: about, datasource,
    fieldConfig: { defaults: { unit, thresholds: { mode: 'absolute', steps }, ...(shows === 'lines' && bound ? { custom: { thresholdsStyle: { mode: 'line' } } } : {}) }, overrides: [] },
    options: shows === 'lines'
      ? { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } }
      : { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'value' },
    targets: queries.map(({ expression, legend }, index) => ({ refId: String.fromCharCode('A'.charCodeAt(0) + index), datasource, expr: expression, legendFormat: legend, exemplar: expression.includes('_bucket') })),
  };
}
