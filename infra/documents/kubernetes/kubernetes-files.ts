import { bundleOf, migrationOf, TOPIC_JOB } from '../../bundle/programs.mjs';
import { deployment, pathOf, secretVariable } from './deployment.ts';
import { type Administrators, externalSecrets } from './external-secrets.ts';
import { installationPage } from './installation-page.ts';
import { job } from './job.ts';
import { labelsOf, type Manifest, renderManifests } from './manifest.ts';
import { networkPolicy } from './network-policy.ts';
import { prometheusRule } from './prometheus-rule.ts';
import { askAsKafkaUser, kafkaUser, scaler } from './scaling.ts';
import { serviceMonitor } from './service-monitor.ts';
import { servicePlans, type ServicePlan } from './service-plan.ts';
import { API_PORT, INSTALLATION, INTERNAL_PORT } from './setting-sources.ts';

/** The folder of base that is generated; nothing else stands in it. */
export const GENERATED_FOLDER = 'k8s/base/generated';
/** What an overlay may take beside the base; each needs its operator in the cluster. All of it is generated. */
const COMPONENTS_FOLDER = 'k8s/components';

const administrators: Administrators = { database: 'crossdock-database-admin', kafka: 'crossdock-kafka-admin' };

/** The generated part of the kustomize base (a file a service, the topic job, and the list of them) and the page about it. */
export async function kubernetesFiles(): Promise<Map<string, string>> {
  const plans = await servicePlans();
  const manifests = new Map<string, readonly Manifest[]>([
    ...plans.map((plan) => [`${plan.service.name}.yaml`, serviceManifests(plan)] as const),
    [`${TOPIC_JOB}.yaml`, [topicJob]],
  ]);
  const kustomization: Manifest = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: [...manifests.keys()] };
  const files = [...manifests, ['kustomization.yaml', [kustomization]] as const];
  return new Map([
    ...files.map(([file, content]) => [`${GENERATED_FOLDER}/${file}`, renderManifests(content)] as const),
    ...component('autoscaling', plans.map(scaler), [leaveReplicasToScalers]),
    ...component('kafka-users', [kafkaUser], [askAsKafkaUser]),
    ...component('monitoring', [...plans.map(serviceMonitor), prometheusRule()]),
    ...component('external-secrets', externalSecrets(plans, administrators)),
    ['k8s/README.md', installationPage(plans, administrators)],
  ]);
}

/** A number of replicas in a Deployment would undo with each roll-out what the scalers decided. */
const leaveReplicasToScalers = { target: { kind: 'Deployment' }, patch: '- op: remove\n  path: /spec/replicas\n' };

/** The files of a component: its objects in one, and what kustomize has to know in the other. */
function component(name: string, manifests: readonly Manifest[], patches: readonly object[] = []): Array<readonly [path: string, text: string]> {
  const file = `${name}.yaml`;
  const kustomization: Manifest = {
    apiVersion: 'kustomize.config.k8s.io/v1alpha1', kind: 'Component', resources: [file], ...(patches.length > 0 && { patches }),
  };
  const folder = `${COMPONENTS_FOLDER}/${name}`;
  return [[`${folder}/${file}`, renderManifests(manifests)], [`${folder}/kustomization.yaml`, renderManifests([kustomization])]];
}

function serviceManifests(plan: ServicePlan): Manifest[] {
  const { name } = plan.service;
  const labels = labelsOf(name, 'service');
  const metadata = { name, labels };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { OTEL_SERVICE_NAME: name, KAFKA_USERNAME: name, ...plainSettings(plan) } },
    deployment(plan),
    { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec: { maxUnavailable: 1, selector: { matchLabels: labels } } },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports: [{ name: 'http', port: API_PORT, targetPort: 'http' }, { name: 'internal', port: INTERNAL_PORT, targetPort: 'internal' }] } },
    networkPolicy(plan),
    job({
      name: `migrate-${name}`, labelName: name, component: 'migration', program: bundleOf(migrationOf(name)),
      environment: {
        env: [
          secretVariable('DATABASE_ADMIN_URL', { name: administrators.database, key: 'DATABASE_ADMIN_URL' }), secretVariable('DATABASE_URL', { name, key: 'DATABASE_URL' }),
          { name: 'SERVER_CA', valueFrom: { configMapKeyRef: { name: INSTALLATION, key: 'SERVER_CA', optional: true } } },
        ],
      },
    }),
  ];
}

function plainSettings({ settings }: ServicePlan): Record<string, string> {
  return Object.fromEntries([...settings].flatMap(([variable, source]) => {
    if (source.from === 'manifest') return [[variable, source.value]];
    return source.from === 'file' ? [[variable, pathOf(source)]] : [];
  }));
}

const topicJob = job({
  name: TOPIC_JOB, labelName: TOPIC_JOB, component: 'topics', program: bundleOf(TOPIC_JOB),
  environment: {
    envFrom: [{ configMapRef: { name: INSTALLATION } }],
    env: [secretVariable('KAFKA_PASSWORD', { name: administrators.kafka, key: 'KAFKA_PASSWORD', isOptional: true })],
  },
});
