/** Examples of answers: what their schemas ask for, with values by hand where a name says more than a type. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { exampleParts, exampleValues, madeAt, wordsOfSuccess } from './example-values.ts';
import type { Json } from './schema-components.ts';

const prefix = '#/components/schemas/';
const schemaSchema = z.looseObject({
  $ref: z.string().optional(), const: z.unknown().optional(), default: z.unknown().optional(), enum: z.array(z.unknown()).optional(), type: z.union([z.string(), z.array(z.string())]).optional(), format: z.string().optional(),
  anyOf: z.array(z.record(z.string(), z.unknown())).optional(), oneOf: z.array(z.record(z.string(), z.unknown())).optional(), minimum: z.number().optional(), exclusiveMinimum: z.number().optional(),
  properties: z.record(z.string(), z.record(z.string(), z.unknown())).optional(), required: z.array(z.string()).optional(), items: z.record(z.string(), z.unknown()).optional(),
  prefixItems: z.array(z.record(z.string(), z.unknown())).optional(),
});
type Schema = z.infer<typeof schemaSchema>;

/** Where a value stands: the named part that it is in, its own name, and the names on the way to it. */
interface Place {
  readonly part: string;
  readonly name: string;
  readonly way: readonly string[];
}

/** Makes examples of what named parts of a document, and answers made of them, look like. */
export class AnswerExamples {
  readonly #schemas: Readonly<Record<string, unknown>>;

  /** @param schemas the named parts of the document */
  constructor(schemas: Readonly<Record<string, unknown>>) {
    this.#schemas = schemas;
  }

  /** @param answer the schema of an answer. @throws where a schema says nothing that an example could follow. */
  of(answer: Json): unknown {
    return this.#of(schemaSchema.parse(answer), { part: '', name: '', way: [] });
  }

  #of(schema: Schema, place: Place): unknown {
    if (schema.$ref !== undefined) return this.#ofPart(schema.$ref.slice(prefix.length), place);
    const byHand = valueByHand(place);
    if (byHand !== undefined && fits(schema, byHand)) return byHand;
    if ('const' in schema && schema.const !== undefined) return schema.const;
    if (schema.default !== undefined) return schema.default;
    const words = schema.enum;
    if (words) return wordsOfSuccess.find((word) => words.includes(word)) ?? words[0];
    const choices = schema.anyOf ?? schema.oneOf ?? [];
    const [choice] = choices;
    if (choice && !choices.some(({ type }) => type === 'null')) return this.#of(schemaSchema.parse(choice), place);
    const { type } = schema;
    if (choice || Array.isArray(type)) return this.#ofNullable(choice, place);
    if (type === 'object') return this.#ofObject(schema, place);
    if (type === 'array') return this.#ofList(schema, place);
    if (type === 'string') return textOf(schema, place);
    if (type === 'integer' || type === 'number') return Math.max(schema.minimum ?? 0, schema.exclusiveMinimum === undefined ? 0 : schema.exclusiveMinimum + 1, 1);
    if (type === 'boolean') return false;
    // Of any shape.
    return {};
  }

  #ofPart(part: string, place: Place): unknown {
    const byHand = exampleParts[part];
    if (byHand !== undefined) return byHand;
    // What holds parts like itself ends there.
    if (place.way.includes(part)) return {};
    return this.#of(schemaSchema.parse(this.#schemas[part]), { part, name: place.name, way: [...place.way, part] });
  }

  /** Nothing, where no value by hand fits what there may be in its place. */
  #ofNullable(choice: Json | undefined, place: Place): unknown {
    const byHand = valueByHand(place);
    return choice && byHand !== undefined && fits(schemaSchema.parse(choice), byHand) ? byHand : null;
  }

  /** What has to be there, and what may be where a value by hand is for it in this part. */
  #ofObject({ properties = {}, required = [] }: Schema, place: Place): Json {
    const told = Object.entries(properties).filter(([name]) => required.includes(name) || `${place.part}.${name}` in exampleValues);
    return Object.fromEntries(told.map(([name, schema]) => [name, this.#of(schemaSchema.parse(schema), { ...place, name, way: [...place.way, name] })]));
  }

  #ofList({ items, prefixItems }: Schema, place: Place): unknown[] {
    if (prefixItems) return prefixItems.map((schema) => this.#of(schemaSchema.parse(schema), place));
    return items ? [this.#of(schemaSchema.parse(items), { ...place, name: singular(place.name) })] : [];
  }
}

function valueByHand({ part, name }: Place): unknown {
  return exampleValues[`${part}.${name}`] ?? exampleValues[name];
}

/** Whether a value is of the type, and among the words, that a schema allows; the rest is the linter's to see. */
function fits({ type, enum: words, const: only, format }: Schema, value: unknown): boolean {
  if (words) return words.includes(value);
  if (only !== undefined) return only === value;
  const own = Array.isArray(value) ? 'array' : typeof value === 'number' ? 'number' : typeof value;
  const types = [type ?? []].flat().map((each) => (each === 'integer' ? 'number' : each));
  return types.includes(own) && (format === undefined || formats[format]?.test(String(value)) === true);
}

const formats: Readonly<Record<string, RegExp>> = { uuid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/, 'date-time': /T.*Z$/, date: /^\d{4}-\d\d-\d\d$/, email: /@/, uri: /^https:/ };

function textOf({ format }: Schema, { name, way }: Place): string {
  if (format === 'uuid') return idOf(name, way);
  if (format === 'date-time') return name === 'createdAt' ? madeAt : madeAt.replace('T09:', 'T10:');
  if (format === 'date') return madeAt.slice(0, 10);
  if (format === 'email') return 'ada@example.com';
  if (format === 'uri') return `https://example.com/${name}`;
  return name === '' ? 'text' : name;
}

/** The same for the same name, so that what belongs together can be seen. */
function idOf(name: string, way: readonly string[]): string {
  const digest = createHash('sha256').update(name === 'id' ? way.slice(-2).join('.') : name).digest('hex');
  return [digest.slice(0, 8), digest.slice(8, 12), `7${digest.slice(13, 16)}`, `a${digest.slice(17, 20)}`, digest.slice(20, 32)].join('-');
}

function singular(name: string): string {
  return name.endsWith('ies') ? `${name.slice(0, -3)}y` : name.replace(/s$/, '');
}
