import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { z } from 'zod';
import { ROOT } from '../../launch/folders.mjs';
import { OPENAPI_FILE } from './openapi-files.ts';

const operationSchema = z.looseObject({
  operationId: z.string(), description: z.string().optional(), requestBody: z.object({ content: z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) })) }).optional(),
});

describe('the OpenAPI document', () => {
  const source = readFileSync(join(ROOT, OPENAPI_FILE), 'utf8');
  let operations: Array<readonly [string, z.infer<typeof operationSchema>]>;

  beforeAll(() => {
    const { paths } = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), operationSchema)) }).parse(JSON.parse(source));
    operations = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const));
  });

  it('passes all rules of a strict linter', async () => {
    const config = await createConfig({
      extends: ['recommended-strict'],
      // `/v1/orders/comparisons/{id}` and `/v1/orders/{id}/timeline`: the router takes what is spelled out before what is a parameter.
      rules: { 'no-ambiguous-paths': 'off' },
    });
    const problems = await lintFromString({ source, absoluteRef: join(ROOT, OPENAPI_FILE), config });
    expect(problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location.map(({ pointer }) => pointer).join(' ')}`)).toEqual([]);
  });

  it('says of each route what it does, and of each body how it must be', () => {
    expect(operations.length).toBeGreaterThan(90);
    // What operators do in any service is checked by that service.
    const own = operations.filter(([route]) => !/ \/v1\/operations\/\{service\}/.test(route));
    const bare = own.filter(([, { requestBody }]) => Object.values(requestBody?.content ?? {}).some(({ schema }) => schema['$ref'] === undefined));
    expect(bare.map(([route]) => route)).toEqual([]);
  });
});
