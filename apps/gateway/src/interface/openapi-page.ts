import { z } from 'zod';
import { escapeHtml } from '../html-page.ts';
import { inline, interfacePage, jsonBlock } from './interface-page.ts';

const operationSchema = z.object({
  summary: z.string(),
  description: z.string().optional(),
  tags: z.tuple([z.string()]),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(z.union([z.object({ name: z.string(), in: z.string(), required: z.boolean().optional() }), z.object({ $ref: z.string() })])).optional(),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema: z.object({ $ref: z.string().optional() }) })) }).optional(),
});
const documentSchema = z.object({
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  tags: z.array(z.object({ name: z.string(), description: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

type Operation = z.infer<typeof operationSchema>;

/** The interface as a page for people, from its OpenAPI document. */
export function renderInterface(document: unknown): string {
  const { info, tags, paths, components } = documentSchema.parse(document);
  const operations = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
  const groups = tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags[0] === name);
    return `<h2>${escapeHtml(name)}</h2><p>${inline(description)}</p>${own.map(({ path, method, operation }) => renderOperation(path, method, operation, components.schemas)).join('')}`;
  });
  return interfacePage(`${info.title} ${info.version}`, info.description.split('\n\n').map((text) => `<p>${inline(text)}</p>`).join('')
    + `<p>The same for programs: <a href="/v1/openapi.json">OpenAPI 3.1</a>. Events, owners and versions: <a href="/v1/catalogue">the catalogue</a>.</p>${groups.join('')}`);
}

function renderOperation(path: string, method: string, { summary, description, security, parameters = [], requestBody }: Operation, schemas: Readonly<Record<string, unknown>>): string {
  const scopes = security.flatMap((requirement) => Object.values(requirement).flat());
  const named = parameters.flatMap((parameter) => ('name' in parameter ? `<li><code>${escapeHtml(parameter.name)}</code> (${escapeHtml(parameter.in)}${parameter.required ? ', required' : ''})</li>` : []));
  const body = Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => schema.$ref ?? []).map((reference) => schemas[reference.replace('#/components/schemas/', '')]);
  return `<details><summary><span class="verb">${method.toUpperCase()}</span> <code>${escapeHtml(path)}</code> – ${inline(summary)}</summary>`
    + `<p>${inline(description ?? summary)}</p><p>Scopes: ${scopes.length > 0 ? scopes.map((scope) => `<code>${escapeHtml(scope)}</code>`).join(' ') : 'none'}</p>`
    + (named.length > 0 ? `<ul>${named.join('')}</ul>` : '')
    + body.map((schema) => `<p>Body:</p>${jsonBlock(schema)}`).join('') + '</details>';
}
