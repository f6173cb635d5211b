import { labelsOf, type Manifest } from './manifest.ts';
import type { ServicePlan } from './service-plan.ts';

/** Replicas at rest: one may go while the other works. */
const LEAST_REPLICAS = 2;
/** `VENDOR_BUDGET_REPLICAS` and the connections of PostgreSQL are to be reckoned with this many (docs/scale.md). */
const MOST_REPLICAS = 12;
const CPU_PERCENT = 70;
/** Unread messages of a service that one more replica is worth. */
const LAG_OF_A_REPLICA = 1_000;
/** Tasks that could run now and wait, that one more replica is worth. */
const READY_TASKS_OF_A_REPLICA = 500;
/** Where the cluster's Prometheus answers; an overlay that has it elsewhere replaces it. */
const PROMETHEUS = 'http://prometheus-operated.monitoring:9090';

/** Those grow with the requests they are sent; all others with what waits for them. */
const servicesOfRequests: readonly string[] = ['gateway', 'auth-sso'];

/** A peak is over when it has stayed away for five minutes; what waits is met with twice the replicas at once. */
const behavior = {
  scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: 'Percent', value: 100, periodSeconds: 30 }] },
  scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] },
} as const;

/** What decides how many replicas a service has: its work at the processor, or its lag at Kafka and its backlog of tasks. */
export function scaler(plan: ServicePlan): Manifest {
  return servicesOfRequests.includes(plan.service.name) ? scaledByRequests(plan) : scaledByBacklog(plan);
}

function scaledByRequests({ service: { name } }: ServicePlan): Manifest {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, labels: labelsOf(name, 'service') },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: LEAST_REPLICAS,
      maxReplicas: MOST_REPLICAS,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: CPU_PERCENT } } }],
      behavior,
    },
  };
}

/** Never none: the relay, the schedules and the feeds of a service have no trigger that would wake it. */
function scaledByBacklog({ service: { name } }: ServicePlan): Manifest {
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name, labels: labelsOf(name, 'service') },
    spec: {
      scaleTargetRef: { name },
      minReplicaCount: LEAST_REPLICAS,
      maxReplicaCount: MOST_REPLICAS,
      pollingInterval: 15,
      advanced: { horizontalPodAutoscalerConfig: { behavior } },
      triggers: [
        {
          type: 'kafka',
          // Without a topic the lag of all that the group reads is summed up; the group is named like the service (event-bus).
          metadata: { bootstrapServersFromEnv: 'KAFKA_BROKERS', consumerGroup: name, lagThreshold: String(LAG_OF_A_REPLICA), offsetResetPolicy: 'earliest' },
        },
        {
          type: 'prometheus',
          // Each replica tells of the same table, so that the largest is the number.
          metadata: { serverAddress: PROMETHEUS, query: `max(sum by (pod) (crossdock_tasks{service="${name}",state="ready"}))`, threshold: String(READY_TASKS_OF_A_REPLICA) },
        },
      ],
    },
  };
}

/**
 * Lets the scalers in at a Kafka that wants TLS and a user: each asks as the service that it scales, by what that one's pods have in their environment
 * (https://keda.sh/docs/2.22/scalers/apache-kafka/ and https://keda.sh/docs/2.22/concepts/authentication/, looked up 2026-11-22).
 */
export const kafkaUser = {
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'TriggerAuthentication',
  metadata: { name: 'kafka', labels: labelsOf('kafka', 'secret') },
  spec: { env: [{ parameter: 'username', name: 'KAFKA_USERNAME' }, { parameter: 'password', name: 'KAFKA_PASSWORD' }, { parameter: 'ca', name: 'SERVER_CA' }] },
} as const satisfies Manifest;

/** Has each ScaledObject use it. Its first trigger is Kafka's. */
export const askAsKafkaUser = {
  target: { kind: 'ScaledObject' },
  patch: [
    { path: 'authenticationRef', value: `{ name: ${kafkaUser.metadata.name} }` }, { path: 'metadata/tls', value: 'enable' }, { path: 'metadata/sasl', value: 'scram_sha512' },
  ].map(({ path, value }) => `- op: add\n  path: /spec/triggers/0/${path}\n  value: ${value}\n`).join(''),
};
