import { join } from 'node:path';
import { Kind, parse, print, type DefinitionNode, type DocumentNode, type ObjectTypeDefinitionNode } from 'graphql';
import { z } from 'zod';
import { ROOT } from '../launch/folders.mjs';
import type { SourceLoader } from './openapi/request-schemas.ts';

const GRAPH_FILE = 'docs/schema.graphql';
const moduleSchema = z.looseObject({ typeDefinitions: z.string() });

/** The graph as its services' parts describe it together, with who may see what; by the path of its file. */
export async function graphSchemaFile(load: SourceLoader): Promise<[string, string]> {
  const { typeDefinitions } = moduleSchema.parse({ ...z.looseObject({}).parse(await load(join(ROOT, 'apps', 'gateway', 'src', 'graphql', 'type-definitions.ts'))) });
  return [GRAPH_FILE, `# Written by npm run generate from apps/gateway/src/graphql.\n\n${print(joined(parse(typeDefinitions)))}\n`];
}

/** Each type once: with the fields that other parts add to it. */
function joined({ definitions, ...document }: DocumentNode): DocumentNode {
  const added = Map.groupBy(definitions.filter((definition) => definition.kind === Kind.OBJECT_TYPE_EXTENSION), ({ name }) => name.value);
  const whole = (definition: DefinitionNode): DefinitionNode => (definition.kind === Kind.OBJECT_TYPE_DEFINITION ? withFields(definition, added.get(definition.name.value) ?? []) : definition);
  return { ...document, definitions: definitions.filter(({ kind }) => kind !== Kind.OBJECT_TYPE_EXTENSION).map(whole) };
}

function withFields(type: ObjectTypeDefinitionNode, extensions: ReadonlyArray<Pick<ObjectTypeDefinitionNode, 'fields'>>): ObjectTypeDefinitionNode {
  return { ...type, fields: [type, ...extensions].flatMap(({ fields = [] }) => fields) };
}
