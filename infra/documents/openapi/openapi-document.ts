/** The gateway's interface as an OpenAPI 3.1 document: from its controllers' declarations and the schemas of requests and answers. */
import { join } from 'node:path';
import { z } from 'zod';
import { operatorScopes, tenantScopes } from '@crossdock/service-tokens';
import { ROOT } from '../../launch/folders.mjs';
import { AnswerDeclarations, type DeclaredAnswer } from './answer-declarations.ts';
import { AnswerExamples } from './answer-examples.ts';
import { withExamples } from './answered-examples.ts';
import type { DeclaredRoute } from './controller-source.ts';
import { problemComponents, problemsOf } from './problems.ts';
import { gatewayRoutes, RequestSchemas, type RouteSchemas, type SourceLoader } from './request-schemas.ts';
import { requestSchemaOf, SchemaComponents, type Json } from './schema-components.ts';
import { headerComponents, successesOf } from './success-answers.ts';

const deprecationsSchema = z.object({ deprecatedRoutes: z.array(z.object({ method: z.string(), path: z.string() })) });

const description = `How a tenant's programs, and operators, use Crossdock.

Every request carries \`Authorization: Bearer …\` with an access token or an API key, which say for which tenant and what is allowed (\`GET /v1/api-keys\`);
a client that may act for any tenant names one by \`x-crossdock-tenant\`. Refusals are problem documents (RFC 9457) with a stable \`code\`. Lists come by pages:
\`nextCursor\` of an answer is the \`cursor\` of the next request, and is absent on the last page. Times are ISO 8601 in UTC, money is in minor units with its
ISO 4217 currency. Objects may get further members, and enumerations further values, without a new version. A route that will go says so for half a year at least, by
\`Deprecation\` (since when nobody should begin to use it), \`Sunset\` (from when on it may answer 410) and \`Link\` (what to use in its place).`;

const headerParameters: Readonly<Record<string, Json>> = {
  'idempotency-key': { description: 'The same key gives the same answer, and nothing is done twice.', required: true, schema: { type: 'string', minLength: 1, maxLength: 255 } },
  'if-match': { description: 'The entity tag that was read before.', required: true, schema: { type: 'string' } },
  'last-event-id': { description: 'The last event that was seen.', schema: { type: 'string' } },
};

/** @param load imports a source file of a package, or a package by its name */
export async function openApiDocument(load: SourceLoader): Promise<Json> {
  const schemas = new RequestSchemas(load);
  const routes = gatewayRoutes();
  const { deprecatedRoutes } = deprecationsSchema.parse({ ...z.looseObject({}).parse(await load(join(ROOT, 'apps', 'gateway', 'src', 'requests', 'deprecations.ts'))) });
  const deprecated = new Set(deprecatedRoutes.map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`));
  const [components, answers] = [new SchemaComponents(), new AnswerDeclarations(load, schemas)];
  const paths = new Map<string, Record<string, Json>>();
  for (const route of routes) {
    const shape = route.path.replaceAll(/\{\w+\}/g, '{}');
    // A path whose parameters have other names in another method is the same path.
    const path = [...paths.keys()].find((known) => known.replaceAll(/\{\w+\}/g, '{}') === shape) ?? route.path;
    const described: Described = {
      route, path, found: await schemas.of(route), behind: schemas.behind(route), owner: schemas.ownerOf(route),
      answers: await answers.of(route), isDeprecated: deprecated.has(`${route.method} ${route.path}`),
    };
    paths.set(path, { ...paths.get(path), [route.method]: operationOf(described, components) });
  }
  const examples = new AnswerExamples(components.all);
  return {
    openapi: '3.1.0',
    info: { title: 'Crossdock', version: '1.0.0', summary: 'Integration hub', description, license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' } },
    servers: [{ url: '/', description: 'This installation' }],
    tags: tagsOf(routes),
    paths: Object.fromEntries([...paths].map(([path, methods]) => [path, Object.fromEntries(Object.entries(methods).map(([method, operation]) => [method, withExamples(operation, examples)]))])),
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: `An access token (JWT) or an API key. Scopes:\n\n${scopeList()}` },
      },
      parameters: {
        Tenant: { name: 'x-crossdock-tenant', in: 'header', description: 'The tenant, for clients that may act for any.', schema: { type: 'string', format: 'uuid' } },
      },
      headers: headerComponents(deprecated.size > 0),
      responses: problemComponents(),
      schemas: components.all,
    },
  };
}

type Described = {
  readonly route: DeclaredRoute; readonly path: string; readonly found: RouteSchemas; readonly behind: DeclaredRoute | undefined; readonly owner: string;
  readonly answers: readonly DeclaredAnswer[]; readonly isDeprecated: boolean;
};

function operationOf({ route, path, found, behind, owner, answers, isDeprecated }: Described, components: SchemaComponents): Json {
  const said = route.summary ?? behind?.summary;
  const id = `${route.group}-${route.handler}`;
  const parameters = [
    ...pathParameters(route, path, found.path),
    ...queryParameters(found.query),
    ...route.headers.flatMap((name) => (headerParameters[name] ? [{ name, in: 'header', ...headerParameters[name] }] : [])),
    ...(route.rule?.kind === 'tenant' ? [{ $ref: '#/components/parameters/Tenant' }] : []),
  ];
  return {
    operationId: id,
    tags: [titleOf(route.group)],
    'x-owner': owner,
    summary: firstSentence(said) ?? titleOf(route.handler),
    ...(said !== undefined && { description: said }),
    security: [{ bearer: route.rule?.kind === 'public' || route.rule === undefined ? [] : route.rule.scopes }],
    ...(parameters.length > 0 && { parameters }),
    ...(route.takesBody && { requestBody: { required: true, content: { 'application/json': { schema: found.body ? components.request(id, found.body) : { type: 'object' } } } } }),
    responses: { ...successesOf(route, answers, components, isDeprecated), ...problemsOf(route) },
    ...(isDeprecated && { deprecated: true }),
  };
}

function pathParameters(route: DeclaredRoute, path: string, checkedBy: z.ZodType | undefined): Json[] {
  const properties = checkedBy ? propertiesOf(checkedBy) : {};
  const own = namesIn(route.path);
  return namesIn(path).map((name, place) => {
    const ownName = own[place] ?? name;
    const schema = properties[ownName] ?? { type: 'string', ...(route.uuids.includes(ownName) && { format: 'uuid' }) };
    return { name, in: 'path', required: true, schema };
  });
}

function namesIn(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? []);
}

function queryParameters(schema: z.ZodType | undefined): Json[] {
  if (!schema) return [];
  const required = z.object({ required: z.array(z.string()).default([]) }).parse(requestSchemaOf(schema)).required;
  return Object.entries(propertiesOf(schema)).map(([name, property]) => ({ name, in: 'query', ...(required.includes(name) && { required: true }), schema: property }));
}

function propertiesOf(schema: z.ZodType): Readonly<Record<string, Json>> {
  return z.object({ properties: z.record(z.string(), z.record(z.string(), z.unknown())).default({}) }).parse(requestSchemaOf(schema)).properties;
}

function tagsOf(routes: readonly DeclaredRoute[]): Json[] {
  const summaries = new Map(routes.map(({ group, groupSummary }) => [titleOf(group), groupSummary]));
  return [...summaries].map(([name, said]) => ({ name, description: said ?? name }));
}

function scopeList(): string {
  return Object.entries({ ...tenantScopes, ...operatorScopes }).map(([name, meaning]) => `- \`${name}\`: ${meaning}`).join('\n');
}

/** `ShippingStock` → `Shipping stock`. */
function titleOf(name: string): string {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function firstSentence(said: string | undefined): string | undefined {
  return said === undefined ? undefined : /^.*?[.:;](?= |$)/.exec(said)?.[0].slice(0, -1) ?? said;
}
