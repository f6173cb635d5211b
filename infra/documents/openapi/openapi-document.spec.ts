import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { z } from 'zod';
import { ROOT } from '../../launch/folders.mjs';
import { AnswerDeclarations } from './answer-declarations.ts';
import { gatewayRoutes, RequestSchemas } from './request-schemas.ts';
import { OPENAPI_FILE } from './openapi-files.ts';

const contentSchema = z.record(z.string(), z.looseObject({ schema: z.record(z.string(), z.unknown()), 'x-item-schema': z.record(z.string(), z.unknown()).optional(), example: z.unknown().optional() }));
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

  /** What a strict linter has to say. */
  async function faultsOf(text: string): Promise<string[]> {
    const config = await createConfig({
      extends: ['recommended-strict'],
      // `/v1/orders/comparisons/{id}` and `/v1/orders/{id}/timeline`: the router takes what is spelled out before what is a parameter.
      rules: { 'no-ambiguous-paths': 'off' },
    });
    const problems = await lintFromString({ source: text, absoluteRef: join(ROOT, OPENAPI_FILE), config });
    return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location.map(({ pointer }) => pointer).join(' ')}`);
  }
  const contentsOf = (operation: z.infer<typeof operationSchema>) => Object.entries(operation.responses).flatMap(([status, { content }]) => (status.startsWith('2') && content ? [content] : []));

  it('passes all rules of a strict linter, its examples among them', async () => {
    expect(await faultsOf(source)).toEqual([]);
  });

  it('shows an example of each answer that is a text, and says of bytes what they hold', () => {
    const bare = operations.flatMap(([route, operation]) => contentsOf(operation).flatMap((content) => Object.entries(content)
      .flatMap(([type, { schema, example }]) => (example === undefined && schema['description'] === undefined ? [`${route} ${type}`] : []))));
    expect(bare).toEqual([]);
    expect(document.paths['/v1/attribution/report.csv']?.['get']?.responses['200']?.content?.['text/csv']?.example).toContain('channel,touches,');
  });

  it('shows an example of each answer whose shape it tells, and of one part of each stream, which fits the shape', async () => {
    const told = operations.flatMap(([route, operation]) => contentsOf(operation).flatMap((content) => Object.entries(content).map(([type, media]) => ({ route: `${route} ${type}`, type, media }))));
    const shaped = told.filter(({ type, media }) => /[/+]json$/.test(type) || media['x-item-schema'] !== undefined);
    expect(shaped.length).toBeGreaterThan(130);
    expect(shaped.filter(({ media }) => media.example === undefined).map(({ route }) => route)).toEqual([]);
    // A linter takes the example of a stream for a text. As JSON it is held to the shape of its part.
    const parts = structuredClone(document);
    for (const operation of Object.values(parts.paths).flatMap((methods) => Object.values(methods))) {
      for (const content of contentsOf(operation)) {
        for (const [type, { 'x-item-schema': schema, example }] of Object.entries(content)) {
          if (schema) content[type] = { schema, example: JSON.parse(String(example).replace(/^data: /, '')) as unknown };
        }
      }
    }
    expect(await faultsOf(JSON.stringify(parts))).toEqual([]);
  });

  it('would be refused with an example that does not fit', async () => {
    const wrong = structuredClone(document);
    const content = wrong.paths['/v1/orders/{id}']?.['get']?.responses['200']?.content?.['application/json'];
    if (!content) throw new Error('The document tells no answer of an order.');
    content.example = { ...z.looseObject({}).parse(content.example), version: 'three' };
    expect(await faultsOf(JSON.stringify(wrong))).toEqual([expect.stringMatching(/^no-invalid-media-type-examples: .*version/)]);
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
