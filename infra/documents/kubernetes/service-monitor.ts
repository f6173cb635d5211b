import { labelsOf, type Manifest } from './manifest.ts';
import type { ServicePlan } from './service-plan.ts';

/** Has Prometheus read the metrics of each replica. `job` is the service's name, as in the rules (infra/observability/rules). */
export function serviceMonitor({ service: { name } }: ServicePlan): Manifest {
  const labels = labelsOf(name, 'service');
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: { name, labels },
    spec: {
      jobLabel: 'app.kubernetes.io/name',
      selector: { matchLabels: labels },
      endpoints: [{ port: 'internal', path: '/metrics', interval: '15s', scrapeTimeout: '10s' }],
    },
  };
}
