/** The named schemas of the document: those that requests are checked by, and the parts of answers that have a name of their own. */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { problemSchema } from './problems.ts';

export type Json = Readonly<Record<string, unknown>>;

const prefix = '#/components/schemas/';
const describedSchema = z.object({ properties: z.object({ answer: z.record(z.string(), z.unknown()) }), $defs: z.record(z.string(), z.record(z.string(), z.unknown())).default({}) });

export class SchemaComponents {
  readonly #schemas = new Map<string, Json>([['Problem', problemSchema]]);

  /** All of them, by name. */
  get all(): Json {
    return Object.fromEntries([...this.#schemas].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  /** What a request may say, under a name. */
  request(name: string, schema: z.ZodType): Json {
    const text = JSON.stringify(requestSchemaOf(schema)).replaceAll('"$ref":"#', `"$ref":"${prefix}${name}`);
    return this.#keep(name, z.record(z.string(), z.unknown()).parse(JSON.parse(text)));
  }

  /** What an answer is like: its own parts with a name are kept under it. */
  answer(schema: z.ZodType): Json {
    const text = JSON.stringify(z.toJSONSchema(z.object({ answer: schema }), { io: 'output', override: ({ jsonSchema }) => simplify(jsonSchema) })).replaceAll('"$ref":"#/$defs/', `"$ref":"${prefix}`);
    const { properties: { answer }, $defs } = describedSchema.parse(JSON.parse(text));
    for (const [name, part] of Object.entries($defs)) this.#keep(name, part);
    return answer;
  }

  #keep(name: string, schema: Json): Json {
    const { id: _, ...described } = schema;
    if (!/^[A-Z][A-Za-z-]*$/.test(name)) throw new Error(`A part of an answer that refers to itself has no name (${name}): give it one by .meta({ id }).`);
    const known = this.#schemas.get(name);
    if (known && !isDeepStrictEqual(known, described)) throw new Error(`Two different things are named ${name} in answers.`);
    this.#schemas.set(name, described);
    return { $ref: prefix + name };
  }
}

/** What a request may say: before defaults are put in and words are turned into numbers. */
export function requestSchemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', override: ({ jsonSchema }) => dropPattern(jsonSchema) });
  return rest;
}

/** Objects may get further members, and whoever reads an answer may do with it what they like. */
function simplify(schema: z.core.JSONSchema.BaseSchema): void {
  dropPattern(schema);
  if (schema.additionalProperties === false) delete schema.additionalProperties;
  delete schema.readOnly;
  // What zod calls an integer is one that JavaScript holds exactly.
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
}

/** A format says it all; the long pattern beside it is zod's own. */
function dropPattern(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.format !== undefined) delete schema.pattern;
}
