import { deployment, imageOf, pathOf, secretVariable } from './deployment.ts';
import { installationPage } from './installation-page.ts';
import { job } from './job.ts';
import { labelsOf, type Manifest, renderManifests } from './manifest.ts';
import { networkPolicy } from './network-policy.ts';
import { servicePlans, type ServicePlan } from './service-plan.ts';
import { API_PORT, INSTALLATION } from './setting-sources.ts';

/** The folder of base that is generated; nothing else stands in it. */
export const GENERATED_FOLDER = 'k8s/base/generated';

/** The Secret with the address of a role that may create schemas and roles; only migration jobs read it. */
const DATABASE_ADMINISTRATOR = 'crossdock-database-admin';

/** The generated part of the kustomize base (a file a service, the topic job, and the list of them) and the page about it. */
export async function kubernetesFiles(): Promise<Map<string, string>> {
  const plans = await servicePlans();
  const manifests = new Map<string, readonly Manifest[]>([
    ...plans.map((plan) => [`${plan.service.name}.yaml`, serviceManifests(plan)] as const),
    ['create-topics.yaml', [topicJob(plans)]],
  ]);
  const kustomization: Manifest = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: [...manifests.keys()] };
  const files = [...manifests, ['kustomization.yaml', [kustomization]] as const];
  return new Map([
    ...files.map(([file, content]) => [`${GENERATED_FOLDER}/${file}`, renderManifests(content)] as const),
    ['k8s/README.md', installationPage(plans, DATABASE_ADMINISTRATOR)],
  ]);
}

function serviceManifests(plan: ServicePlan): Manifest[] {
  const { name } = plan.service;
  const labels = labelsOf(name, 'service');
  const metadata = { name, labels };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { OTEL_SERVICE_NAME: name, ...plainSettings(plan) } },
    deployment(plan),
    { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec: { maxUnavailable: 1, selector: { matchLabels: labels } } },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports: [{ name: 'http', port: API_PORT, targetPort: 'http' }] } },
    networkPolicy(plan),
    job({
      name: `migrate-${name}`, labelName: name, component: 'migration', image: imageOf(name), program: `apps/${name}/dist/migrate.js`,
      environment: {
        env: [secretVariable('DATABASE_ADMIN_URL', DATABASE_ADMINISTRATOR, 'DATABASE_ADMIN_URL'), secretVariable('DATABASE_URL', name, 'DATABASE_URL')],
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

/** Every image holds the program; any will do. */
function topicJob([first]: readonly ServicePlan[]): Manifest {
  if (first === undefined) throw new Error('There is no service.');
  return job({
    name: 'create-topics', labelName: 'create-topics', component: 'topics', image: imageOf(first.service.name),
    program: 'libs/event-bus/dist/create-topics.js', environment: { envFrom: [{ configMapRef: { name: INSTALLATION } }] },
  });
}
