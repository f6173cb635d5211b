import { randomUUID } from 'node:crypto';
import { z } from 'zod';

/** What a sample is made with. */
export interface SampleWishes {
  /** What fields of these names hold. */
  readonly ids: Readonly<Record<string, string>>;
  /** Of enumerations and unions this one is taken, counted round. */
  readonly form: number;
}

interface JsonSchema {
  readonly type?: string | undefined;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly anyOf?: readonly JsonSchema[] | undefined;
  readonly oneOf?: readonly JsonSchema[] | undefined;
  readonly properties?: Readonly<Record<string, JsonSchema>> | undefined;
  readonly items?: JsonSchema | undefined;
  readonly format?: string | undefined;
  readonly pattern?: string | undefined;
  readonly minimum?: number | undefined;
  readonly exclusiveMinimum?: number | undefined;
}

const jsonSchema: z.ZodType<JsonSchema> = z.lazy(() => z.looseObject({
  type: z.string().optional(), const: z.unknown().optional(), enum: z.array(z.unknown()).optional(), anyOf: z.array(jsonSchema).optional(), oneOf: z.array(jsonSchema).optional(),
  properties: z.record(z.string(), jsonSchema).optional(), items: jsonSchema.optional(), format: z.string().optional(), pattern: z.string().optional(),
  minimum: z.number().optional(), exclusiveMinimum: z.number().optional(),
}));

/** Words that a pattern alone does not lead to. */
const words: Readonly<Record<string, string>> = { currency: 'EUR', country: 'DE', phone: '+15550142277', code: 'done', vendor: 'hubspot', domain: 'hub.example.com' };

/** A document that fits a schema, with every field that there is, and the ids that are wished for wherever a field bears their name. */
export function sampleOf(schema: z.ZodType, wishes: SampleWishes): unknown {
  return valueOf(jsonSchema.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })), '', wishes);
}

function valueOf(schema: JsonSchema, name: string, wishes: SampleWishes): unknown {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return valueOf(choices[wishes.form % choices.length] ?? {}, name, wishes);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum.includes(words[name]) ? words[name] : schema.enum[wishes.form % schema.enum.length];
  switch (schema.type) {
    case 'object': return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([field, part]) => [field, valueOf(part, field, wishes)]));
    case 'array': return schema.items ? [valueOf(schema.items, name, wishes)] : [];
    case 'integer': case 'number': return Math.max(schema.minimum ?? 1, (schema.exclusiveMinimum ?? 0) + 1, 30);
    case 'boolean': return wishes.form % 2 === 0;
    case 'string': return textOf(schema, name, wishes);
    default: return {};
  }
}

function textOf({ format, pattern }: JsonSchema, name: string, { ids, form }: SampleWishes): string {
  const wished = ids[name];
  if (wished !== undefined && (format !== 'uuid' || z.uuid().safeParse(wished).success)) return wished;
  if (format === 'uuid') return randomUUID();
  if (format === 'date-time') return new Date(Date.UTC(2100, 0, 1, 0, 0, form)).toISOString();
  if (format === 'date') return '2100-01-01';
  if (format === 'email') return 'nobody@example.com';
  if (format === 'uri') return 'https://www.example.com/';
  return words[name] ?? (pattern === undefined ? `a ${name || 'word'}` : 'A1');
}
