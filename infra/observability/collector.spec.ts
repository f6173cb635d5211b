import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { ROOT } from '../launch/folders.mjs';

const seconds = z.string().regex(/^\d+s$/);
/** The policies of the tail_sampling processor that are used here, each with the settings that the processor knows by this type's name. */
const policySchema = z.discriminatedUnion('type', [
  z.strictObject({ name: z.string(), type: z.literal('status_code'), status_code: z.strictObject({ status_codes: z.array(z.enum(['ERROR', 'OK', 'UNSET'])) }) }),
  z.strictObject({ name: z.string(), type: z.literal('latency'), latency: z.strictObject({ threshold_ms: z.int().positive() }) }),
  z.strictObject({ name: z.string(), type: z.literal('probabilistic'), probabilistic: z.strictObject({ sampling_percentage: z.number().positive().max(100) }) }),
]);
const limiterSchema = z.union([
  z.strictObject({ check_interval: seconds, limit_mib: z.int().positive(), spike_limit_mib: z.int().positive().optional() }),
  z.strictObject({ check_interval: seconds, limit_percentage: z.int().max(100), spike_limit_percentage: z.int().max(100) }),
]);
const exporterSchema = z.strictObject({ endpoint: z.string(), tls: z.strictObject({ insecure: z.union([z.boolean(), z.string()]) }) });
const configSchema = z.strictObject({
  receivers: z.strictObject({ otlp: z.strictObject({ protocols: z.strictObject({ grpc: z.strictObject({ endpoint: z.string() }), http: z.strictObject({ endpoint: z.string() }) }) }) }),
  processors: z.strictObject({
    memory_limiter: limiterSchema,
    tail_sampling: z.strictObject({ decision_wait: seconds, num_traces: z.int().positive(), policies: z.array(policySchema) }),
    batch: z.strictObject({ timeout: seconds.optional() }),
  }),
  exporters: z.record(z.string().regex(/^otlp(\/\w+)?$/), exporterSchema),
  extensions: z.strictObject({ health_check: z.strictObject({ endpoint: z.string() }) }),
  service: z.strictObject({
    extensions: z.array(z.string()),
    pipelines: z.record(z.string(), z.strictObject({ receivers: z.array(z.string()), processors: z.array(z.string()), exporters: z.array(z.string()) })),
  }),
});

/** What stands in a file as the collector reads it: a setting that it does not know ends its start. */
function configOf(file: string): z.infer<typeof configSchema> {
  return configSchema.parse(parse(readFileSync(join(ROOT, file), 'utf8')));
}

describe.each(['observability/collector/collector.yaml', 'compose/collector.yaml'])('the collector by %s', (file) => {
  it('is given no setting that its components do not know', () => {
    expect(() => configOf(file)).not.toThrow();
    const wrong = z.looseObject({ processors: z.looseObject({ tail_sampling: z.looseObject({ policies: z.array(z.looseObject({ type: z.string() })) }) }) }).parse(parse(readFileSync(join(ROOT, file), 'utf8')));
    wrong.processors.tail_sampling.policies.push({ type: 'slow', latency: { threshold: '2s' } });
    expect(() => configSchema.parse(wrong)).toThrow('policies');
  });

  it('uses each component that it declares, and no other', () => {
    const { service, ...declared } = configOf(file);
    const pipelines = Object.values(service.pipelines);
    const used = (kind: 'receivers' | 'processors' | 'exporters'): string[] => [...new Set(pipelines.flatMap((pipeline) => pipeline[kind]))].sort();
    expect([used('receivers'), used('processors'), used('exporters'), service.extensions])
      .toEqual([declared.receivers, declared.processors, declared.exporters, declared.extensions].map((components) => Object.keys(components).sort()));
  });

  it('keeps every trace with an error and every slow one, before traces are put into batches', () => {
    const { processors: { tail_sampling: { policies } }, service } = configOf(file);
    expect(policies.flatMap((policy) => (policy.type === 'status_code' ? policy.status_code.status_codes : []))).toEqual(['ERROR']);
    expect(policies.map(({ type }) => type)).toContain('latency');
    expect(service.pipelines['traces']?.processors).toEqual(['memory_limiter', 'tail_sampling', 'batch']);
  });
});
