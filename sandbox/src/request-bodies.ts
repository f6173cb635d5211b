import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { VendorRefusal } from './vendor-refusal.ts';

/** Reads JSON (an empty body is none) and HTML forms, as the vendors' servers do. */
export function acceptJsonAndForms(app: FastifyInstance): void {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    const text = body.toString();
    try {
      done(null, text === '' ? undefined : JSON.parse(text));
    } catch (error) {
      done(Object.assign(new Error('The body is not JSON.', { cause: error }), { statusCode: 400 }), undefined);
    }
  });
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(body.toString())));
  });
}

/** The value as the schema has it, or the vendor's refusal made of the first fault. */
export function read<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  refuse: (path: string, message: string) => VendorRefusal,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw refuse(issue?.path.join('.') ?? '', issue?.message ?? 'is not valid');
}
