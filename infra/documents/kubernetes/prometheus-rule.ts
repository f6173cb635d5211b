import { parse } from 'yaml';
import { z } from 'zod';
import { ruleFiles } from '../../observability/rules/rule-files.ts';
import { labelsOf, type Manifest } from './manifest.ts';

const rulesSchema = z.object({ groups: z.array(z.looseObject({ name: z.string() })) });

/** The rules and alerts that Prometheus reads elsewhere as files, as one object of its operator. */
export function prometheusRule(): Manifest {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'crossdock', labels: labelsOf('crossdock', 'monitoring') },
    spec: { groups: [...ruleFiles().values()].flatMap((text) => rulesSchema.parse(parse(text)).groups) },
  };
}
