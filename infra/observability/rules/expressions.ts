/**
 * How much counters rose within a window. One that did not exist at its beginning, as it appears with its first event, has risen by all that it
 * says: `increase` would leave out what it said when it was first seen. A Prometheus that has just been started counts all that it
 * finds as risen, for one window.
 * @param by labels by which it is summed
 */
export function risen(selector: string, by: string, window: string): string {
  return `sum by (${by}) ((increase(${selector}[${window}]) and ${selector} offset ${window}) or (${selector} unless ${selector} offset ${window}))`;
}

/** The part of what is counted that fits a narrower selector; nothing where nothing is counted, 0 where nothing fits. */
export function share(metric: string, { of, all = '', by, window }: { readonly of: string; readonly all?: string; readonly by: string; readonly window: string }): string {
  const narrow = [all, of].filter((matchers) => matchers !== '').join(', ');
  const total = `sum by (${by}) (rate(${metric}{${all}}[${window}]))`;
  return `(sum by (${by}) (rate(${metric}{${narrow}}[${window}])) / ${total})`;
}

/** A quantile of a histogram in seconds. */
export function quantile(of: number, metric: string, { by, window, matchers = '' }: { readonly by: string; readonly window: string; readonly matchers?: string }): string {
  return `histogram_quantile(${of}, sum by (${by}, le) (rate(${metric}_bucket{${matchers}}[${window}])))`;
}
