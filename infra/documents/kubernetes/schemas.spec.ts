import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ExternalSecret } from '@kubernetes-models/external-secrets/external-secrets.io/v1/ExternalSecret';
import { SecretStore } from '@kubernetes-models/external-secrets/external-secrets.io/v1/SecretStore';
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import { TriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1/TriggerAuthentication';
import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { Service } from 'kubernetes-models/v1/Service';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { ROOT } from '../../launch/folders.mjs';
import { SERVICES } from '../../services.ts';
import { operatorKinds } from './operator-kinds.fixture.ts';
import { writtenManifests } from './written-manifests.fixture.ts';

const models = [
  ConfigMap, Deployment, ExternalSecret, HorizontalPodAutoscaler, Job, Namespace, NetworkPolicy, PodDisruptionBudget, PrometheusRule, ScaledObject, SecretStore,
  Service, ServiceAccount, ServiceMonitor, TriggerAuthentication,
];
/** Kinds whose schemas no package carries: kustomize itself reads its own. */
const ofKustomize = ['kustomize.config.k8s.io/v1alpha1 Component', 'kustomize.config.k8s.io/v1beta1 Kustomization'];
const overlays = ['dev', 'staging', 'production'];

/** What a schema finds wrong with an object; undefined where nothing is. */
function faultOf(manifest: object & { readonly apiVersion: string; readonly kind: string }): string | undefined {
  const ofOperator = operatorKinds[`${manifest.apiVersion} ${manifest.kind}`];
  if (ofOperator) return ofOperator.safeParse(manifest).error?.message;
  const Model = models.find(({ apiVersion, kind }) => apiVersion === manifest.apiVersion && kind === manifest.kind);
  if (Model === undefined) return `there is no schema of ${manifest.apiVersion} ${manifest.kind}`;
  try {
    Object.assign(new Model(), manifest).validate();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const scaledSchema = z.looseObject({ kind: z.literal('ScaledObject'), spec: z.looseObject({ triggers: z.array(z.record(z.string(), z.unknown())) }) });

type Rendered = object & { readonly apiVersion: string; readonly kind: string; readonly metadata?: { readonly namespace?: string } };

/** An overlay gives each object its namespace. */
function withoutNamespace({ metadata: { namespace: _overlays, ...metadata } = {}, ...object }: Rendered): Rendered {
  return { ...object, metadata };
}

describe('objects for Kubernetes', () => {
  const manifests = writtenManifests();
  const ofClusters = manifests.filter(({ apiVersion, kind }) => !ofKustomize.includes(`${apiVersion} ${kind}`));

  it('fit the schemas of their kinds', () => {
    const faults = ofClusters.flatMap(({ file, ...manifest }) => {
      const fault = faultOf(manifest);
      return fault === undefined ? [] : [`${file} ${manifest.kind} ${manifest.metadata?.name ?? ''}: ${fault}`];
    });
    expect(faults).toEqual([]);
    expect(ofClusters.length).toBeGreaterThan(100);
  });

  it('are of each kind that is looked at by a list of our own', () => {
    expect(ofClusters.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual(expect.arrayContaining(Object.keys(operatorKinds)));
  });

  it.each([
    ['a wrong type', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { replicas: '2', selector: {}, template: {} } }, 'spec/replicas'],
    ['a missing field', { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', spec: { scaleTargetRef: { name: 'orders' }, triggers: [{ type: 'kafka' }] } }, 'metadata'],
    ['a field that an operator does not know', { apiVersion: 'barmancloud.cnpg.io/v1', kind: 'ObjectStore', metadata: { name: 'backups' }, spec: { retention: '30d' } }, 'retention'],
    ['an unknown kind', { apiVersion: 'example.com/v1', kind: 'Unknown' }, 'no schema'],
  ])('would be found with %s', (_name, manifest, fault) => {
    expect(faultOf(manifest)).toContain(fault);
  });

  // kustomize comes with kubectl, which no npm package brings; without it the objects above are checked as they are written.
  if (spawnSync('kubectl', ['version', '--client']).status === 0) {
    it.each(overlays)('are rendered for %s, and still fit', (overlay) => {
      const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', join(ROOT, 'k8s', 'overlays', overlay)], { encoding: 'utf8', maxBuffer: 32_000_000 });
      expect([status, stderr]).toEqual([0, '']);
      const rendered = parseAllDocuments(stdout).map((document) => document.toJS() as Rendered);
      expect(rendered.length).toBeGreaterThan(80);
      expect(rendered.map(withoutNamespace).map(faultOf).filter((fault) => fault !== undefined)).toEqual([]);
    });

    it('ask Kafka in production as the user of the service that is scaled, and over TLS', () => {
      const { stdout } = spawnSync('kubectl', ['kustomize', join(ROOT, 'k8s', 'overlays', 'production')], { encoding: 'utf8', maxBuffer: 32_000_000 });
      const scaled = parseAllDocuments(stdout).map((document) => scaledSchema.safeParse(document.toJS()).data).filter((object) => object !== undefined);
      expect(scaled).toHaveLength(SERVICES.length - 2);
      for (const { spec: { triggers } } of scaled) expect(triggers[0]).toMatchObject({ type: 'kafka', authenticationRef: { name: 'kafka' }, metadata: { tls: 'enable', sasl: 'scram_sha512' } });
    });
  }
});
