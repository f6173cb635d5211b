import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { z } from 'zod';
import { ROOT } from '../../launch/folders.mjs';
import { AnswerDeclarations } from './answer-declarations.ts';
import { gatewayRoutes, RequestSchemas } from './request-schemas.ts';
import { OPENAPI_FILE } from './openapi-files.ts';

const contentSchema = z.record(z.string(), z.looseObject({ schema: z.record(z.string(), z.unknown()) }));
const operationSchema = z.looseObject({
  operationId: z.string(), description: z.string().optional(), requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(z.string(), z.looseObject({ $ref: z.string().optional(), content: contentSchema.optional() })),
});
const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({
    responses: z.record(z.string(), z.object({ content: z.record(z.literal('application/problem+json'), z.looseObject({
      schema: z.object({ allOf: z.tuple([z.unknown(), z.object({ properties: z.object({ status: z.object({ const: z.int() }), code: z.object({ enum: z.array(z.string()) }) }) }).loose()]) }),
    })) }).loose()),
  }),
});

describe('the OpenAPI document', () => {
  const source = readFileSync(join(ROOT, OPENAPI_FILE), 'utf8');
  let document: z.infer<typeof documentSchema>;
  let operations: Array<readonly [string, z.infer<typeof operationSchema>]>;

  beforeAll(() => {
    document = documentSchema.parse(JSON.parse(source));
    operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const));
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

  it('says of each route what it answers: of what shape where it is JSON, and in which other form', () => {
    const successes = operations.flatMap(([route, { responses }]) => Object.entries(responses).filter(([status]) => status.startsWith('2') && status !== '204').map(([status, { content }]) => ({ route: `${route} ${status}`, content })));
    expect(successes.length).toBeGreaterThan(90);
    const shapeless = successes.filter(({ content = {} }) => Object.keys(content).length === 0
      || Object.entries(content).some(([type, { schema }]) => /[/+]json$/.test(type) && !['$ref', 'properties', 'anyOf', 'oneOf'].some((word) => word in schema)));
    expect(shapeless.map(({ route }) => route)).toEqual([]);
  });

  it('refuses to be made where a route says nothing of its answer', async () => {
    const undeclared = new AnswerDeclarations(async () => ({}), new RequestSchemas(async () => ({})));
    const [route] = gatewayRoutes().filter(({ path, method }) => path === '/v1/orders/{id}' && method === 'get');
    if (!route) throw new Error('The gateway has no route of an order.');
    await expect(undeclared.of(route)).rejects.toThrow('GET /v1/orders/{id} says nothing of its answer: put @Answers above OrdersController.read.');
  });

  it('names the problems of each route, by the codes that the page for people explains', () => {
    const named = operations.filter(([, { responses }]) => !Object.values(responses).some(({ $ref }) => $ref?.startsWith('#/components/responses/')));
    expect(named.map(([route]) => route)).toEqual([]);
    const codes = Object.values(document.components.responses).flatMap(({ content }) => {
      const { status, code } = content['application/problem+json'].schema.allOf[1].properties;
      return code.enum.map((each) => `${status.const} ${each}`);
    });
    const page = readFileSync(join(ROOT, 'docs', 'interface.md'), 'utf8');
    const explained = [...page.matchAll(/^\| ([\d, ]+) \| ([^|]+) \|/gm)].flatMap(([, statuses = '', words = '']) => [...words.matchAll(/`(\w+)`/g)].map(([, code = '']) => [statuses, code] as const));
    const unexplained = [...new Set(codes)].filter((each) => !explained.some(([statuses, code]) => each.endsWith(` ${code}`) && statuses.includes(each.slice(0, 3))));
    expect(unexplained).toEqual([]);
    expect(explained.filter(([, code]) => !codes.some((each) => each.endsWith(` ${code}`))).map(([, code]) => code)).toEqual([]);
  });
});
