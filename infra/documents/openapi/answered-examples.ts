/** Puts examples beside the shapes of answers. */
import { z } from 'zod';
import type { AnswerExamples } from './answer-examples.ts';
import type { Json } from './schema-components.ts';

const mediaSchema = z.looseObject({ schema: z.record(z.string(), z.unknown()), 'x-item-schema': z.record(z.string(), z.unknown()).optional() });
const contentSchema = z.record(z.string(), mediaSchema);
const operationSchema = z.looseObject({ responses: z.record(z.string(), z.looseObject({ content: contentSchema.optional() })) });

/** Adds an example to each answer of a success whose shape the document tells: of streams and files one part of it. Texts without a shape bring theirs. */
export function withExamples(operation: Json, examples: AnswerExamples): Json {
  const { responses, ...rest } = operationSchema.parse(operation);
  return { ...rest, responses: Object.fromEntries(Object.entries(responses).map(([status, response]) => [status, status.startsWith('2') && response.content ? { ...response, content: contentWith(response.content, examples) } : response])) };
}

function contentWith(content: z.infer<typeof contentSchema>, examples: AnswerExamples): Json {
  return Object.fromEntries(Object.entries(content).map(([mediaType, told]) => {
    const { schema, 'x-item-schema': part } = told;
    const example = /[/+]json$/.test(mediaType) ? examples.of(schema) : part && streamOf(mediaType, JSON.stringify(examples.of(part)));
    return [mediaType, { ...told, ...(example !== undefined && { example }) }] as const;
  }));
}

/** One part of a stream, as it is sent. */
function streamOf(mediaType: string, part: string): string {
  return mediaType === 'text/event-stream' ? `data: ${part}\n\n` : `${part}\n`;
}
