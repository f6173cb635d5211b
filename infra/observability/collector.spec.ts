import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { ROOT } from '../launch/folders.mjs';

const componentsSchema = z.record(z.string(), z.unknown());
const configSchema = z.object({
  receivers: componentsSchema,
  processors: z.looseObject({ tail_sampling: z.object({ policies: z.array(z.looseObject({ type: z.string(), status_code: z.object({ status_codes: z.array(z.string()) }).optional() })) }) }),
  exporters: componentsSchema,
  extensions: componentsSchema,
  service: z.object({
    extensions: z.array(z.string()),
    pipelines: z.record(z.string(), z.object({ receivers: z.array(z.string()), processors: z.array(z.string()), exporters: z.array(z.string()) })),
  }),
});

const config = configSchema.parse(parse(readFileSync(join(ROOT, 'observability', 'collector', 'collector.yaml'), 'utf8')));

describe('the collector', () => {
  it('uses each component that it declares, and no other', () => {
    const { service, receivers, processors, exporters, extensions } = config;
    const pipelines = Object.values(service.pipelines);
    const used = (kind: 'receivers' | 'processors' | 'exporters'): string[] => [...new Set(pipelines.flatMap((pipeline) => pipeline[kind]))].sort();
    expect([used('receivers'), used('processors'), used('exporters'), service.extensions])
      .toEqual([receivers, processors, exporters, extensions].map((components) => Object.keys(components).sort()));
  });

  it('keeps every trace with an error and every slow one, before traces are put into batches', () => {
    const { policies } = config.processors.tail_sampling;
    expect(policies.find(({ type }) => type === 'status_code')?.status_code?.status_codes).toEqual(['ERROR']);
    expect(policies.map(({ type }) => type)).toContain('latency');
    expect(config.service.pipelines['traces']?.processors).toEqual(['memory_limiter', 'tail_sampling', 'batch']);
  });
});
