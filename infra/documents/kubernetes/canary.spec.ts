import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { ROOT } from '../../launch/folders.mjs';
import { GENERATED_FOLDER, kubernetesFiles } from './kubernetes-files.ts';

const labelsSchema = z.record(z.string(), z.string());
const selectorSchema = z.object({ matchLabels: labelsSchema });
const deploymentSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string(), resourceVersion: z.string().optional() }),
  spec: z.looseObject({ selector: selectorSchema, template: z.looseObject({ metadata: z.looseObject({ labels: labelsSchema }) }) }),
});
const patchSchema = z.array(z.discriminatedUnion('op', [
  z.object({ op: z.literal('replace'), path: z.string(), value: z.unknown() }), z.object({ op: z.literal('remove'), path: z.string() }),
]));

/** What `kubectl patch --type json` does with what is there: RFC 6902, as far as the page uses it. */
function patched(document: object, patch: z.infer<typeof patchSchema>): unknown {
  const result: unknown = structuredClone(document);
  for (const each of patch) {
    const keys = each.path.split('/').slice(1).map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop() ?? '';
    let node: unknown = result;
    for (const key of keys) node = z.looseObject({ [key]: z.unknown() }).parse(node)[key];
    if (typeof node !== 'object' || node === null || !(last in node)) throw new Error(`Nothing is at ${each.path}.`);
    Object.assign(node, { [last]: each.op === 'replace' ? each.value : undefined });
  }
  return result;
}

const selects = (selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean => Object.entries(selector).every(([label, value]) => labels[label] === value);

describe('the canary of docs/deployment.md', () => {
  let manifests: Array<{ readonly kind: string; readonly text: unknown }>;
  let first: z.infer<typeof deploymentSchema>;
  let canary: z.infer<typeof deploymentSchema>;

  beforeAll(async () => {
    const file = (await kubernetesFiles()).get(`${GENERATED_FOLDER}/gateway.yaml`) ?? '';
    manifests = parseAllDocuments(file).map((document) => {
      const text: unknown = document.toJS();
      return { kind: z.looseObject({ kind: z.string() }).parse(text).kind, text };
    });
    first = deploymentSchema.parse(only('Deployment'));
    const page = readFileSync(join(ROOT, 'docs', 'deployment.md'), 'utf8');
    const patch = patchSchema.parse(JSON.parse(/```json\n([^`]*)```/.exec(page.split('\n## Canary\n')[1] ?? '')?.[1] ?? ''));
    // As the cluster keeps it.
    canary = deploymentSchema.parse(patched({ ...first, metadata: { ...first.metadata, resourceVersion: '1' } }, patch));
  });

  function only(kind: string): unknown {
    const [found, ...others] = manifests.filter((manifest) => manifest.kind === kind);
    expect([found?.kind, others]).toEqual([kind, []]);
    return found?.text;
  }

  it('is a Deployment of its own', () => {
    expect(canary.metadata.name).not.toBe(first.metadata.name);
    expect(canary.metadata.resourceVersion).toBeUndefined();
  });

  it('has pods that are none of the first one’s, and the other way round', () => {
    const [ofFirst, ofCanary] = [first, canary].map(({ spec }) => spec.template.metadata.labels);
    expect([selects(first.spec.selector.matchLabels, ofFirst ?? {}), selects(first.spec.selector.matchLabels, ofCanary ?? {})]).toEqual([true, false]);
    expect([selects(canary.spec.selector.matchLabels, ofCanary ?? {}), selects(canary.spec.selector.matchLabels, ofFirst ?? {})]).toEqual([true, false]);
  });

  it('is taken in by the Service, the policies and the budget for disruptions', () => {
    const service = z.looseObject({ spec: z.looseObject({ selector: labelsSchema }) }).parse(only('Service')).spec.selector;
    const policy = z.looseObject({ spec: z.looseObject({ podSelector: selectorSchema }) }).parse(only('NetworkPolicy')).spec.podSelector.matchLabels;
    const budget = z.looseObject({ spec: z.looseObject({ selector: selectorSchema }) }).parse(only('PodDisruptionBudget')).spec.selector.matchLabels;
    for (const selector of [service, policy, budget]) expect(selects(selector, canary.spec.template.metadata.labels)).toBe(true);
  });
});
