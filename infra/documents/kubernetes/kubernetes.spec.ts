import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { ROOT } from '../../launch/folders.mjs';
import { SERVICES } from '../../services.ts';
import { LEAVE_ROTATION_SECONDS, TERMINATION_GRACE_SECONDS } from './deployment.ts';
import { GENERATED_FOLDER, kubernetesFiles } from './kubernetes-files.ts';
import { servicePlans, type ServicePlan } from './service-plan.ts';

const manifestSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }).optional(),
  data: z.record(z.string(), z.string()).optional(),
});
type Manifest = z.infer<typeof manifestSchema>;

describe('the Kubernetes base', () => {
  let manifests: Manifest[];
  let plans: ServicePlan[];
  beforeAll(async () => {
    const files = [...await kubernetesFiles()].filter(([path]) => path.startsWith(GENERATED_FOLDER));
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

  it('waits longer for a pod to end than it rests before SIGTERM and a service may then take to drain', () => {
    const source = readFileSync(join(ROOT, 'libs', 'service-kit', 'src', 'run-service.ts'), 'utf8');
    const drainDeadlineMs = Number(/drainDeadlineMs = ([\d_]+)/.exec(source)?.[1]?.replaceAll('_', ''));
    expect((TERMINATION_GRACE_SECONDS - LEAVE_ROTATION_SECONDS) * 1_000).toBeGreaterThan(drainDeadlineMs);
  });

  it('holds no secret: those are keys of Secrets that an installation provides', () => {
    const secrets = new Set(plans.flatMap(({ settings }) => [...settings].filter(([, source]) => source.from === 'secret').map(([variable]) => variable)));
    const plain = manifests.flatMap(({ data = {} }) => Object.keys(data));
    expect(secrets).toContain('DATABASE_URL');
    expect(plain.filter((variable) => secrets.has(variable))).toEqual([]);
    expect(namesOf('Secret')).toEqual([]);
  });

  it('has sign-on believe no address of a proxy, also where the gateway is told of some', () => {
    const mapOf = (service: string): Readonly<Record<string, string>> => manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata?.name === service)?.data ?? {};
    // A service's own ConfigMap comes after the installation's, and an empty variable counts as absent.
    expect([mapOf('auth-sso')['TRUSTED_PROXIES'], mapOf('gateway')['TRUSTED_PROXIES']]).toEqual(['', undefined]);
    expect(plans.find(({ service }) => service.name === 'gateway')?.settings.get('TRUSTED_PROXIES')).toEqual({ from: 'installation' });
  });

  it('lets every call between services in at one side and out at the other', () => {
    expect(plans.flatMap(({ service, calls }) => calls.map((called) => `${service.name} → ${called}`)).sort())
      .toEqual(plans.flatMap(({ service, callers }) => callers.map((caller) => `${caller} → ${service.name}`)).sort());
  });
});
