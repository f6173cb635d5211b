import { allocatorSettings, serviceArguments } from '../../service-arguments.ts';
import { labelsOf, type Manifest } from './manifest.ts';
import { containerSecurity, podSecurity, resources } from './pod.ts';
import type { ServicePlan } from './service-plan.ts';
import { API_PORT, INSTALLATION, INTERNAL_PORT, type SettingSource } from './setting-sources.ts';

/** A stopping pod gets requests until every node has heard of it. */
export const LEAVE_ROTATION_SECONDS = 5;
/** Draining takes up to 25 s (service-kit); what is left is for the kubelet. */
export const TERMINATION_GRACE_SECONDS = LEAVE_ROTATION_SECONDS + 30;

/** What a Deployment's own pods have beyond the service's labels, so that a canary's, which the Service and the policies take for the service's too, are none of its own nor of its scaler's. */
const STABLE = { 'crossdock.io/track': 'stable' } as const;

type FileSource = Extract<SettingSource, { from: 'file' }>;

/** The service's processes. */
export function deployment({ service: { name }, settings }: ServicePlan): Manifest {
  const labels = labelsOf(name, 'service');
  const ownLabels = { ...labels, ...STABLE };
  const secrets = [...settings].flatMap(([variable, source]) => (source.from === 'secret' ? [secretVariable(variable, { name, key: variable, isOptional: source.isOptional === true })] : []));
  const files = fileSources(settings);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas: 2,
      strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      selector: { matchLabels: ownLabels },
      template: {
        metadata: { labels: ownLabels },
        spec: {
          serviceAccountName: name,
          terminationGracePeriodSeconds: TERMINATION_GRACE_SECONDS,
          ...podSecurity,
          topologySpreadConstraints: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
            maxSkew: 1, topologyKey, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: labels },
          })),
          containers: [{
            name: 'service',
            image: IMAGE,
            command: ['node', ...serviceArguments(name)],
            ports: [{ name: 'http', containerPort: API_PORT }, { name: 'internal', containerPort: INTERNAL_PORT }],
            envFrom: [INSTALLATION, name].map((map) => ({ configMapRef: { name: map } })),
            env: [...Object.entries(allocatorSettings).map(([setting, value]) => ({ name: setting, value })), ...secrets],
            ...probes,
            lifecycle: { preStop: { sleep: { seconds: LEAVE_ROTATION_SECONDS } } },
            resources: resources('100m', '192Mi', '512Mi'),
            securityContext: containerSecurity,
            ...(files.length > 0 && { volumeMounts: files.map(({ suffix }) => ({ name: suffix, mountPath: folderOf(suffix), readOnly: true })) }),
          }],
          ...(files.length > 0 && { volumes: files.map((file) => volume(name, file)) }),
        },
      },
    },
  };
}

/** The one image of all services (docs/decisions/0023); an overlay gives it its registry, and a tag or digest. */
export const IMAGE = 'crossdock';

/** An environment variable from a key of a Secret. */
export function secretVariable(variable: string, { name, key, isOptional = false }: { readonly name: string; readonly key: string; readonly isOptional?: boolean }): object {
  return { name: variable, valueFrom: { secretKeyRef: { name, key, ...(isOptional && { optional: true }) } } };
}

/** Where a mounted file stands in the container. */
export function pathOf({ suffix, fileName }: FileSource): string {
  return `${folderOf(suffix)}/${fileName}`;
}

function folderOf(suffix: string): string {
  return `/etc/crossdock/${suffix}`;
}

function fileSources(settings: ServicePlan['settings']): FileSource[] {
  return [...settings.values()].filter((source) => source.from === 'file');
}

function volume(service: string, { kind, suffix }: FileSource): object {
  const object = `${service}-${suffix}`;
  return kind === 'Secret' ? { name: suffix, secret: { secretName: object, defaultMode: 0o440 } } : { name: suffix, configMap: { name: object } };
}

const probes = {
  startupProbe: { httpGet: { path: '/health/live', port: 'internal' }, periodSeconds: 2, failureThreshold: 30 },
  livenessProbe: { httpGet: { path: '/health/live', port: 'internal' }, periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 3 },
  // The service itself gives each of its checks two seconds.
  readinessProbe: { httpGet: { path: '/health/ready', port: 'internal' }, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 },
} as const;
