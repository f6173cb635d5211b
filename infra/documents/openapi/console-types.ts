import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { ROOT } from '../../launch/folders.mjs';

/** Where the console has the types of the interface from. */
const CONSOLE_TYPES_FOLDER = 'apps/console/src/api/generated';

const mediaTypeSchema = z.looseObject({ 'x-item-schema': z.looseObject({ $ref: z.string().optional() }).optional() });
const operationSchema = z.looseObject({
  operationId: z.string(),
  responses: z.record(z.string(), z.looseObject({ content: z.record(z.string(), mediaTypeSchema).optional() })),
});
const documentSchema = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** TypeScript types of requests and answers, written from the OpenAPI document, and a table of the routes that they belong to. */
export async function consoleTypes(document: unknown): Promise<Array<[string, string]>> {
  return [
    [`${CONSOLE_TYPES_FOLDER}/types.ts`, await typesOf(document)],
    [`${CONSOLE_TYPES_FOLDER}/routes.ts`, routesOf(document)],
  ];
}

/** The generator reads and writes files and prints to the console: it runs in a process and a folder of its own. */
async function typesOf(document: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'console-types-'));
  try {
    const input = join(folder, 'openapi.json');
    await writeFile(input, JSON.stringify(withoutRefusals(document)));
    const program = join(ROOT, 'node_modules', '@hey-api', 'openapi-ts', 'bin', 'run.js');
    await promisify(execFile)(process.execPath, [program, '--input', input, '--output', join(folder, 'types'), '--plugins', '@hey-api/typescript', '--no-log-file'], { cwd: folder });
    const types = await readFile(join(folder, 'types', 'types.gen.ts'), 'utf8');
    return types.replace(/^\/\/.*\n/, '/** Written by `npm run generate` from docs/openapi.json. */\n');
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Refusals are problem documents everywhere; what each route's could be would be three fifths of all types. */
function withoutRefusals(document: unknown): unknown {
  const { paths, ...rest } = documentSchema.parse(document);
  const succeeding = (described: unknown): unknown => {
    const operation = operationSchema.parse(described);
    return { ...operation, responses: Object.fromEntries(Object.entries(operation.responses).filter(([status]) => status.startsWith('2'))) };
  };
  const mapped = Object.entries(paths).map(([path, operations]) => [path, Object.fromEntries(Object.entries(operations).map(([method, described]) => [method, succeeding(described)]))] as const);
  return { ...rest, paths: Object.fromEntries(mapped) };
}

/** `GET /v1/orders` to the names that its types have, which follow from its operation id. */
function routesOf(document: unknown): string {
  const names = new Set<string>();
  const lines = Object.entries(documentSchema.parse(document).paths).flatMap(([path, operations]) => Object.entries(operations).map(([method, described]) => {
    const { operationId, responses } = operationSchema.parse(described);
    const name = operationId.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
    const event = Object.values(responses).flatMap(({ content = {} }) => content['text/event-stream']?.['x-item-schema']?.$ref?.split('/').at(-1) ?? []).at(0);
    for (const needed of [`${name}Data`, `${name}Response`, ...(event === undefined ? [] : [event])]) names.add(needed);
    return `  '${method.toUpperCase()} ${path}': { request: ${name}Data; answer: ${name}Response${event === undefined ? '' : `; event: ${event}`} };`;
  }));
  return `/** Written by \`npm run generate\` from docs/openapi.json: what each route takes and answers. */
import type {
${[...names].sort().map((name) => `  ${name},`).join('\n')}
} from './types.ts';

export interface Routes {
${lines.join('\n')}
}
`;
}
