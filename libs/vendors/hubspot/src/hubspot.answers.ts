import { Failure } from '@crossdock/contracts';
import { z } from 'zod';

/** HubSpot writes ids as text, and now and then as a number. */
export const hubSpotId = z.union([z.string().min(1), z.int()]).transform(String);

/** @throws Failure `unexpected` where an answer has not the form that HubSpot documents. */
export function guarded<Schema extends z.ZodType>(schema: Schema, answer: unknown, operation: string): z.infer<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new Failure('unexpected', `HubSpot's answer to ${operation} is not as documented.`, { cause: parsed.error });
}

/** HubSpot writes times as ISO 8601, older ones as milliseconds since 1970. */
export function toTimestamp(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const time = new Date(/^-?[0-9]+$/.test(value) ? Number(value) : value);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
