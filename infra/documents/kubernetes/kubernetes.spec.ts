import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { ROOT } from '../../launch/folders.mjs';
import { SERVICES } from '../../services.ts';
import { imageOf, TERMINATION_GRACE_SECONDS } from './deployment.ts';
import { kubernetesFiles } from './kubernetes-files.ts';
import { servicePlans, type ServicePlan } from './service-plan.ts';
import { INSTALLATION } from './setting-sources.ts';

const podSchema = z.looseObject({
  automountServiceAccountToken: z.literal(false),
  securityContext: z.looseObject({ runAsNonRoot: z.literal(true), runAsUser: z.int().positive(), seccompProfile: z.object({ type: z.literal('RuntimeDefault') }) }),
  containers: z.array(z.looseObject({
    command: z.array(z.string()),
    resources: z.object({ requests: z.object({ cpu: z.string(), memory: z.string() }), limits: z.object({ memory: z.string() }) }),
    securityContext: z.object({
      allowPrivilegeEscalation: z.literal(false), readOnlyRootFilesystem: z.literal(true), capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
    }),
  })).length(1),
});
const manifestSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }).optional(),
  data: z.record(z.string(), z.string()).optional(),
  spec: z.looseObject({ template: z.looseObject({ spec: podSchema }).optional() }).optional(),
});
type Manifest = z.infer<typeof manifestSchema>;

describe('the Kubernetes base', () => {
  let manifests: Manifest[];
  let plans: ServicePlan[];
  beforeAll(async () => {
    const files = [...await kubernetesFiles()].filter(([path]) => path.endsWith('.yaml'));
    manifests = files.flatMap(([, text]) => parseAllDocuments(text).map((document) => manifestSchema.parse(document.toJS())));
    plans = await servicePlans();
  });
  const namesOf = (kind: string): (string | undefined)[] => manifests.filter((manifest) => manifest.kind === kind).map(({ metadata }) => metadata?.name);
  const services = SERVICES.map(({ name }) => name);

  it.each(['Deployment', 'Service', 'ServiceAccount', 'ConfigMap', 'NetworkPolicy', 'PodDisruptionBudget'])('has a %s for every service', (kind) => {
    expect(namesOf(kind)).toEqual(services);
  });

  it('has a migration job for every service and one job for the topics', () => {
    expect(namesOf('Job')).toEqual([...services.map((name) => `migrate-${name}`), 'create-topics']);
  });

  // The schema above asks every pod for it; a pod that may do more does not parse.
  it('lets no pod run as root, write its file system, gain rights or use a cluster token', () => {
    expect(manifests.filter(({ spec }) => spec?.template !== undefined)).toHaveLength(2 * services.length + 1);
  });

  it('waits longer for a pod to end than a service may take to drain', () => {
    const source = readFileSync(join(ROOT, 'libs', 'service-kit', 'src', 'run-service.ts'), 'utf8');
    const drainDeadlineMs = Number(/drainDeadlineMs = ([\d_]+)/.exec(source)?.[1]?.replaceAll('_', ''));
    expect(TERMINATION_GRACE_SECONDS * 1_000).toBeGreaterThan(drainDeadlineMs);
  });

  it('holds no secret: those are keys of Secrets that an installation provides', () => {
    const secrets = new Set(plans.flatMap(({ settings }) => [...settings].filter(([, source]) => source.from === 'secret').map(([variable]) => variable)));
    const plain = manifests.flatMap(({ data = {} }) => Object.keys(data));
    expect(secrets).toContain('DATABASE_URL');
    expect(plain.filter((variable) => secrets.has(variable))).toEqual([]);
    expect(namesOf('Secret')).toEqual([]);
  });

  it('lets every call between services in at one side and out at the other', () => {
    expect(plans.flatMap(({ service, calls }) => calls.map((called) => `${service.name} → ${called}`)).sort())
      .toEqual(plans.flatMap(({ service, callers }) => callers.map((caller) => `${caller} → ${service.name}`)).sort());
  });

  it('has an example that sets all an installation must set, and every image', () => {
    const overlaySchema = z.object({
      configMapGenerator: z.array(z.object({ name: z.string(), literals: z.array(z.string()) })),
      images: z.array(z.object({ name: z.string() })),
    });
    const overlay = overlaySchema.parse(parse(readFileSync(join(ROOT, 'k8s', 'overlays', 'example', 'kustomization.yaml'), 'utf8')));
    const set = overlay.configMapGenerator.find(({ name }) => name === INSTALLATION)?.literals.map((literal) => literal.split('=')[0]);
    const needed = plans.flatMap(({ settings }) => [...settings].filter(([, source]) => source.from === 'installation').map(([variable]) => variable));
    expect(set).toEqual(expect.arrayContaining(needed));
    expect(overlay.images.map(({ name }) => name)).toEqual(services.map(imageOf));
  });
});
