import { parser } from '@prometheus-io/lezer-promql';

/** A metric as an expression asks for it, with the names of the labels that it is chosen by. */
export interface MetricUse {
  readonly metric: string;
  readonly labels: readonly string[];
}

/**
 * The metrics of an expression in PromQL.
 * @throws Error where it cannot be read, with the place
 */
export function metricsOf(expression: string): MetricUse[] {
  const uses: Array<{ metric: string; labels: string[] }> = [];
  parser.parse(expression).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError) throw new Error(`Not PromQL at ${from}: ${expression.slice(Math.max(0, from - 30), to + 30)}`);
      if (type.name !== 'VectorSelector') return;
      const text = (child: string): string[] => node.getChildren(child).map((each) => expression.slice(each.from, each.to));
      const labels = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher').flatMap((matcher) => {
        const name = matcher.getChild('LabelName');
        return name === null ? [] : [expression.slice(name.from, name.to)];
      });
      uses.push({ metric: text('Identifier')[0] ?? '', labels: labels ?? [] });
    },
  });
  return uses;
}

/** The labels by which an expression groups or joins. */
export function groupingLabelsOf(expression: string): string[] {
  const labels: string[] = [];
  parser.parse(expression).iterate({
    enter: ({ type, node }) => {
      if (type.name === 'GroupingLabels') labels.push(...node.getChildren('LabelName').map((each) => expression.slice(each.from, each.to)));
    },
  });
  return labels;
}
