import { objectives } from '../rules/objectives.ts';
import { figure, lines, type Dashboard } from './dashboard.ts';

/** What is promised, how much of what may fail is left, and how fast it is spent. */
export const serviceLevelsDashboard: Dashboard = {
  name: 'service-levels', title: 'service levels',
  rows: [
    {
      title: 'Left of thirty days’ budget',
      panels: objectives.map(({ name, promise }) => figure(name, 'percentunit', promise, { expression: `crossdock:slo_budget_left:ratio30d{slo="${name}"}`, legend: name }, { value: 0.1, isFloor: true })),
    },
    {
      title: 'Part that failed within an hour',
      panels: objectives.map(({ name, promise, target }) => lines(name, 'percentunit', promise, [
        { expression: `crossdock:slo_error_ratio:rate5m{slo="${name}"}`, legend: '5 min' },
        { expression: `crossdock:slo_error_ratio:rate1h{slo="${name}"}`, legend: '1 h' },
        { expression: `crossdock:slo_error_ratio:rate6h{slo="${name}"}`, legend: '6 h' },
      ], { value: Number(((1 - target) * 14.4).toPrecision(4)) })),
    },
  ],
};
