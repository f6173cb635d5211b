/**
 * The classic text format, from OpenMetrics: for whoever does not ask for the latter. Counters' families are named with
 * their `_total`, and neither exemplars nor an end are known there.
 */
export function openMetricsAsText(openMetrics: string): string {
  return openMetrics
    .replaceAll(/^# HELP (\S+) (.*)\n# TYPE \1 counter$/gm, '# HELP $1_total $2\n# TYPE $1_total counter')
    .replaceAll(/^(\S+_bucket\{.*?\} \S+) # \{.*$/gm, '$1')
    .replace(/^# EOF\n/m, '');
}
