import { z } from 'zod';
import { escapeHtml } from '../html-page.ts';
import { inline, interfacePage, jsonBlock } from './interface-page.ts';

const contentSchema = z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()), 'x-item-schema': z.record(z.string(), z.unknown()).optional(), example: z.unknown().optional() }));
const operationSchema = z.object({
  summary: z.string(),
  description: z.string().optional(),
  tags: z.tuple([z.string()]),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(z.union([z.object({ name: z.string(), in: z.string(), required: z.boolean().optional() }), z.object({ $ref: z.string() })])).optional(),
  requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string().optional(), content: contentSchema.optional(), $ref: z.string().optional() })),
});
const documentSchema = z.object({
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  tags: z.array(z.object({ name: z.string(), description: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({
    schemas: z.record(z.string(), z.unknown()),
    responses: z.record(z.string(), z.object({ description: z.string() })),
  }),
});

type Operation = z.infer<typeof operationSchema>;
type Components = z.infer<typeof documentSchema>['components'];

/** The interface as a page for people, from its OpenAPI document. */
export function renderInterface(document: unknown): string {
  const { info, tags, paths, components } = documentSchema.parse(document);
  const operations = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
  const groups = tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags[0] === name);
    return `<h2>${escapeHtml(name)}</h2><p>${inline(description)}</p>${own.map(({ path, method, operation }) => renderOperation(path, method, operation, components)).join('')}`;
  });
  return interfacePage(`${info.title} ${info.version}`, info.description.split('\n\n').map((text) => `<p>${inline(text)}</p>`).join('')
    + `<p>The same for programs: <a href="/v1/openapi.json">OpenAPI 3.1</a>. Events, owners and versions: <a href="/v1/catalogue">the catalogue</a>.</p>${groups.join('')}`);
}

function renderOperation(path: string, method: string, operation: Operation, components: Components): string {
  const { summary, description, security, parameters = [], requestBody, responses } = operation;
  const scopes = security.flatMap((requirement) => Object.values(requirement).flat());
  const named = parameters.flatMap((parameter) => ('name' in parameter ? `<li><code>${escapeHtml(parameter.name)}</code> (${escapeHtml(parameter.in)}${parameter.required ? ', required' : ''})</li>` : []));
  return `<details><summary><span class="verb">${method.toUpperCase()}</span> <code>${escapeHtml(path)}</code> – ${inline(summary)}</summary>`
    + `<p>${inline(description ?? summary)}</p><p>Scopes: ${scopes.length > 0 ? scopes.map((scope) => `<code>${escapeHtml(scope)}</code>`).join(' ') : 'none'}</p>`
    + (named.length > 0 ? `<ul>${named.join('')}</ul>` : '')
    + Object.values(requestBody?.content ?? {}).map(({ schema }) => `<p>Body:</p>${jsonBlock(resolved(schema, components))}`).join('')
    + Object.entries(responses).map(([status, response]) => renderAnswer(status, response, components)).join('') + '</details>';
}

/** A success with its shape; of a problem what to do. */
function renderAnswer(status: string, { description, content = {}, $ref }: Operation['responses'][string], components: Components): string {
  if ($ref !== undefined) return `<p>${status}: ${inline(components.responses[nameIn($ref)]?.description ?? '')}</p>`;
  const shapes = Object.entries(content).map(([type, { schema, 'x-item-schema': part, example }]) =>
    `<p><code>${escapeHtml(type)}</code>${part ? ', each part:' : ''}</p>${jsonBlock(resolved(part ?? schema, components))}${example === undefined ? '' : `<p>For example:</p>${jsonBlock(example)}`}`);
  return `<p>${status}: ${inline(description ?? '')}</p>${shapes.join('')}`;
}

/** What a reference leads to; references inside of it are named. */
function resolved(schema: Readonly<Record<string, unknown>>, { schemas }: Components): unknown {
  const { $ref } = schema;
  return typeof $ref === 'string' ? schemas[nameIn($ref)] : schema;
}

function nameIn(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
