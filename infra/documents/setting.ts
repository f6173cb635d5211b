import { environmentName } from '@crossdock/service-kit';
import { z } from 'zod';

/** One environment variable as its reader sees it. */
export interface Setting {
  readonly variable: string;
  readonly description: string;
  readonly isRequired: boolean;
  /** As it would stand in the environment; undefined where there is none. */
  readonly defaultValue?: string;
  /** What values it takes, where the schema says more than "some text". */
  readonly bounds?: string;
}

/**
 * Reads the settings out of a configuration schema.
 * @throws Error where one has no description: it is the documentation.
 */
export function settingsOf(schema: z.ZodObject): Setting[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const variable = environmentName(name);
    if (!(field instanceof z.ZodType)) throw new Error(`${variable} is no zod schema.`);
    const description = descriptionOf(field);
    if (description === '') throw new Error(`${variable} has no description: add .describe('…') to its schema.`);
    const absent = field.safeParse(undefined);
    const bounds = boundsOf(field);
    return {
      variable, description, isRequired: !absent.success,
      ...(absent.success && absent.data !== undefined && { defaultValue: asVariable(absent.data) }),
      ...(bounds !== undefined && { bounds }),
    };
  });
}

/** An optional setting is described by what it would be. */
function descriptionOf(field: z.ZodType): string {
  if (field.description !== undefined) return field.description;
  const inner = field instanceof z.ZodOptional ? field.unwrap() : undefined;
  return inner instanceof z.ZodType ? descriptionOf(inner) : '';
}

function asVariable(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const limitsSchema = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

function boundsOf(field: z.ZodType): string | undefined {
  const limits = limitsSchema.parse(z.toJSONSchema(field, { io: 'output', unrepresentable: 'any' }));
  if (limits.enum !== undefined) return limits.enum.map((value) => `\`${value}\``).join(', ');
  if (limits.type === 'boolean') return '`true`, `false`';
  if (limits.minimum === undefined || limits.maximum === undefined) return undefined;
  return limits.maximum === Number.MAX_SAFE_INTEGER ? `at least ${limits.minimum}` : `${limits.minimum} to ${limits.maximum}`;
}
