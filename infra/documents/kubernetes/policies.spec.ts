import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { ROOT } from '../../launch/folders.mjs';
import { SERVICES } from '../../services.ts';
import { IMAGE } from './deployment.ts';
import { type Component, labelsOf } from './manifest.ts';
import { INSTALLATION, sourceOf } from './setting-sources.ts';
import { servicePlans } from './service-plan.ts';
import { writtenManifests } from './written-manifests.fixture.ts';

const probe = z.looseObject({ periodSeconds: z.int(), timeoutSeconds: z.int().optional(), failureThreshold: z.int().optional() });
const containerSchema = z.looseObject({
  name: z.string(), image: z.string(),
  resources: z.object({ requests: z.object({ cpu: z.string(), memory: z.string() }), limits: z.object({ memory: z.string() }) }),
  securityContext: z.object({ allowPrivilegeEscalation: z.literal(false), readOnlyRootFilesystem: z.literal(true), capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }) }),
});
const podSchema = z.looseObject({
  automountServiceAccountToken: z.literal(false), enableServiceLinks: z.literal(false),
  securityContext: z.looseObject({ runAsNonRoot: z.literal(true), runAsUser: z.int().positive(), seccompProfile: z.object({ type: z.literal('RuntimeDefault') }) }),
  hostNetwork: z.undefined().optional(), hostPID: z.undefined().optional(), hostIPC: z.undefined().optional(),
  containers: z.array(containerSchema).length(1),
});
const probesSchema = z.object({ startupProbe: probe, livenessProbe: probe, readinessProbe: probe });
const workloadSchema = z.looseObject({ template: z.looseObject({ spec: podSchema }) });
const serviceSchema = z.looseObject({
  strategy: z.object({ rollingUpdate: z.object({ maxUnavailable: z.literal(0), maxSurge: z.literal(1) }) }),
  template: z.looseObject({ spec: z.looseObject({
    topologySpreadConstraints: z.array(z.looseObject({ topologyKey: z.string() })).length(2),
    containers: z.array(probesSchema.extend({ lifecycle: z.object({ preStop: z.looseObject({}) }) })),
  }) }),
});
const overlaySchema = z.looseObject({
  configMapGenerator: z.array(z.object({ name: z.string(), literals: z.array(z.string()) })),
  images: z.array(z.object({ name: z.string(), newName: z.string(), newTag: z.string().optional(), digest: z.string().optional() })),
});
const overlays = ['dev', 'staging', 'production'].map((name) => ({
  name, overlay: overlaySchema.parse(parse(readFileSync(join(ROOT, 'k8s', 'overlays', name, 'kustomization.yaml'), 'utf8'))),
}));

/** Rules beyond schemas: what Kubernetes would take, and the hub does not want. */
describe('the cluster', () => {
  const manifests = writtenManifests();
  const ofKind = (...kinds: string[]): typeof manifests => manifests.filter(({ kind }) => kinds.includes(kind));
  const services = SERVICES.map(({ name }) => name).sort();

  it('lets no pod run as root, write its file system, gain rights, use a cluster token, or take memory without a bound', () => {
    const workloads = ofKind('Deployment', 'Job', 'StatefulSet', 'DaemonSet', 'CronJob');
    expect(workloads.length).toBeGreaterThan(2 * services.length);
    for (const { spec } of workloads) expect(() => workloadSchema.parse(spec)).not.toThrow();
  });

  it('takes no request from a replica that is not ready, and gives each time to end its requests', () => {
    const ours = ofKind('Deployment').filter(({ file }) => file.startsWith('base/'));
    expect(ours.map(({ metadata }) => metadata?.name).sort()).toEqual(services);
    for (const { spec } of ours) expect(() => serviceSchema.parse(spec)).not.toThrow();
  });

  it('has one scaler for each service, and none beside it', () => {
    expect(ofKind('HorizontalPodAutoscaler', 'ScaledObject').map(({ metadata }) => metadata?.name).sort()).toEqual(services);
  });

  it('has its metrics read from each service', () => {
    expect(ofKind('ServiceMonitor').map(({ metadata }) => metadata?.name).sort()).toEqual(services);
  });

  it('denies everything that no policy names', () => {
    const deny = ofKind('NetworkPolicy').find(({ metadata }) => metadata?.name === 'deny-by-default');
    expect(deny?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    // A rule without ports and peers would let everybody in, to everything.
    const rules = z.looseObject({ ingress: z.array(z.record(z.string(), z.unknown())).optional(), egress: z.array(z.record(z.string(), z.unknown())).optional() });
    for (const { spec } of ofKind('NetworkPolicy')) {
      const { ingress = [], egress = [] } = rules.parse(spec);
      expect([...ingress, ...egress].filter((rule) => Object.keys(rule).length === 0)).toEqual([]);
    }
  });

  it('lets a service reach PostgreSQL, Kafka and Redis, and a job no more than the one that it works upon', () => {
    const policySchema = z.looseObject({
      podSelector: z.object({ matchLabels: z.record(z.string(), z.string()).default({}) }),
      egress: z.array(z.looseObject({ to: z.unknown().optional(), ports: z.array(z.looseObject({ port: z.union([z.int(), z.string()]) })).default([]) })).default([]),
    });
    const reachedBy = (component: Component): Array<number | string> => {
      const labels = labelsOf('any', component);
      return ofKind('NetworkPolicy').filter(({ file }) => file.startsWith('base/')).map(({ spec }) => policySchema.parse(spec))
        .filter(({ podSelector: { matchLabels } }) => Object.entries(matchLabels).every(([label, value]) => Object.entries(labels).some(([own, said]) => own === label && said === value)))
        .flatMap(({ egress }) => egress.filter(({ to }) => to === undefined).flatMap(({ ports }) => ports.map(({ port }) => port)));
    };
    expect({ service: reachedBy('service'), migration: reachedBy('migration'), topics: reachedBy('topics') }).toEqual({ service: [5432, 9092, 6379], migration: [5432], topics: [9092] });
  });

  it('lets people, vendors and callers in at the gateway and sign-on alone, from namespaces that an installation names', () => {
    const openSchema = z.looseObject({ ingress: z.array(z.looseObject({ from: z.array(z.looseObject({ namespaceSelector: z.object({ matchLabels: z.record(z.string(), z.string()) }).optional() })), ports: z.array(z.looseObject({ port: z.unknown() })) })) });
    const open = ofKind('NetworkPolicy').filter(({ file }) => file.startsWith('base/generated/')).flatMap(({ metadata, spec }) => openSchema.parse(spec).ingress
      .filter(({ ports }) => ports.some(({ port }) => port === 'http'))
      .flatMap(({ from }) => from.flatMap(({ namespaceSelector }) => Object.keys(namespaceSelector?.matchLabels ?? {}).map((label) => `${metadata?.name ?? ''}: ${label}`))));
    expect(open.sort()).toEqual(['auth-sso: crossdock.io/callers', 'auth-sso: crossdock.io/ingress', 'gateway: crossdock.io/callers', 'gateway: crossdock.io/ingress']);
  });

  it('has a place in the store for every secret that a pod reads', async () => {
    const externalSchema = z.looseObject({ target: z.looseObject({ name: z.string() }), data: z.array(z.object({ secretKey: z.string(), remoteRef: z.object({ key: z.string(), property: z.string() }) })) });
    const stored = ofKind('ExternalSecret').filter(({ file }) => file.startsWith('components/')).flatMap(({ spec }) => {
      const { target, data } = externalSchema.parse(spec);
      return data.map(({ secretKey }) => `${target.name}/${secretKey}`);
    });
    const read = (await servicePlans()).flatMap(({ service: { name }, settings }) => [...settings].flatMap(([variable, source]) => {
      if (source.from === 'secret') return [`${name}/${variable}`];
      return source.from === 'file' && source.kind === 'Secret' ? [`${name}-${source.suffix}/${source.fileName}`] : [];
    }));
    expect(stored.sort()).toEqual([...read, 'crossdock-database-admin/DATABASE_ADMIN_URL', 'crossdock-kafka-admin/KAFKA_PASSWORD'].sort());
  });

  it('holds no secret in what is committed', () => {
    expect(ofKind('Secret')).toEqual([]);
    const literals = overlays.flatMap(({ overlay }) => overlay.configMapGenerator.flatMap((map) => map.literals.map((literal) => literal.split('=')[0] ?? '')));
    expect(literals.filter((variable) => sourceOf(variable)?.from === 'secret')).toEqual([]);
  });
});

describe.each(overlays)('the overlay $name', ({ overlay }) => {
  it('sets all that an installation must set', async () => {
    const set = overlay.configMapGenerator.find(({ name }) => name === INSTALLATION)?.literals.map((literal) => literal.split('=')[0]);
    const needed = (await servicePlans()).flatMap(({ settings }) => [...settings].filter(([, source]) => source.from === 'installation').map(([variable]) => variable));
    expect(set).toEqual(expect.arrayContaining(needed));
  });

  it('names the image by a version or digest that does not move', () => {
    expect(overlay.images).toEqual([expect.objectContaining({ name: IMAGE })]);
    const [{ newTag = '', digest = '' } = {}] = overlay.images;
    expect(newTag + digest).toMatch(/^(\d+\.\d+\.\d+|sha256:[0-9a-f]{64})$/);
  });
});
