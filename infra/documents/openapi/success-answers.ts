/** The answers of a route that succeeds: what it sends, and the headers beside it. */
import type { DeclaredAnswer } from './answer-declarations.ts';
import type { DeclaredRoute } from './controller-source.ts';
import type { Json, SchemaComponents } from './schema-components.ts';

const headers: Readonly<Record<string, Json>> = {
  ETag: { description: 'What was read, by a tag: as `If-None-Match` it spares reading the same again, as `If-Match` it says what a change is made to.', schema: { type: 'string' } },
  RateLimit: { description: 'What is left of the caller’s quota and in how many seconds it is whole again (draft-ietf-httpapi-ratelimit-headers).', schema: { type: 'string', examples: ['"caller";r=5871;t=42'] } },
  RateLimitPolicy: { description: 'The caller’s quota, and in how many seconds.', schema: { type: 'string', examples: ['"caller";q=6000;w=60'] } },
  RetryAfter: { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 0 } },
  IdempotencyReplayed: { description: '`true` where this is the answer of an earlier request with the same key.', schema: { const: 'true' } },
  Age: { description: 'How many seconds ago the answer was given, where it is not of now.', schema: { type: 'integer', minimum: 0 } },
  ContentDisposition: { description: 'The name of the file.', schema: { type: 'string' } },
  Deprecation: { description: 'Since when nobody should begin to use this (RFC 9745).', schema: { type: 'string' } },
  Sunset: { description: 'From when on it may be gone (RFC 8594).', schema: { type: 'string' } },
  Link: { description: 'What to use in its place.', schema: { type: 'string' } },
};
const ofDeprecated = ['Deprecation', 'Sunset', 'Link'];

/** Headers that answers have, by the name that each has in the document. @param isAnyDeprecated whether a route will go */
export function headerComponents(isAnyDeprecated: boolean): Json {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => isAnyDeprecated || !ofDeprecated.includes(name)));
}

/** @param answers shapes of which an answer has one; none where nothing follows the status */
export function successesOf(route: DeclaredRoute, answers: readonly DeclaredAnswer[], components: SchemaComponents, isDeprecated: boolean): Json {
  const [first] = answers;
  const sent = headersOf(route, first, isDeprecated);
  const description = route.status === 202 ? 'Taken: the work goes on in the background.' : route.status === 201 ? 'Made.' : 'Done.';
  const success = { description, ...(Object.keys(sent).length > 0 && { headers: sent }), ...(first && { content: contentOf(answers, components) }) };
  return {
    [route.status]: success,
    ...(isConditional(route, first) && { 304: { description: 'Nothing has changed since the answer with this `ETag`.', headers: { ETag: referenceTo('ETag') } } }),
    ...(route.headers.includes('last-event-id') && { 204: { description: 'It is over, and its end was seen: ask no more.' } }),
  };
}

function contentOf(answers: readonly DeclaredAnswer[], components: SchemaComponents): Json {
  const shapes = answers.flatMap((answer) => (answer.kind === 'json' ? components.answer(answer.schema) : []));
  const [only, ...others] = shapes;
  const rest = answers.flatMap((answer) => (answer.kind === 'json' ? [] : [[answer.mediaType, otherOf(answer, components)] as const]));
  return Object.fromEntries([...(only ? [['application/json', { schema: others.length === 0 ? only : { anyOf: shapes } }] as const] : []), ...rest]);
}

/** OpenAPI 3.1 has no word for the parts of a stream; `x-item-schema` says what 3.2 calls `itemSchema`. */
function otherOf(answer: Exclude<DeclaredAnswer, { kind: 'json' }>, components: SchemaComponents): Json {
  switch (answer.kind) {
    case 'text': return { schema: { type: 'string' }, example: answer.example };
    case 'bytes': return { schema: { type: 'string', contentMediaType: answer.mediaType, description: answer.holds } };
    case 'parts': return isJson(answer.mediaType) ? { schema: components.answer(answer.part) } : { schema: { type: 'string' }, 'x-item-schema': components.answer(answer.part) };
  }
}

function isJson(mediaType: string): boolean {
  return /[/+]json$/.test(mediaType);
}

function headersOf(route: DeclaredRoute, answer: DeclaredAnswer | undefined, isDeprecated: boolean): Json {
  const isTenants = route.rule?.kind === 'tenant';
  const isFile = answer !== undefined && answer.kind !== 'json' && !isJson(answer.mediaType) && !['text/event-stream', 'text/html'].includes(answer.mediaType);
  return Object.fromEntries([
    ...(isConditional(route, answer) || route.headers.includes('if-match') ? ['ETag'] : []),
    ...(isTenants ? ['RateLimit', 'RateLimit-Policy'] : []),
    ...(isTenants && !route.changesNothing ? ['Idempotency-Replayed'] : []),
    ...(isFile ? ['Content-Disposition'] : []),
    ...(route.path.endsWith('/search') ? ['Age'] : []),
    ...(isDeprecated ? ofDeprecated : []),
  ].map((name) => [name, referenceTo(name.replaceAll('-', ''))]));
}

/** Whether an answer that was read before is not sent again while nothing has changed. */
function isConditional({ method }: DeclaredRoute, answer: DeclaredAnswer | undefined): boolean {
  return method === 'get' && answer !== undefined && (answer.kind === 'json' || isJson(answer.mediaType) || answer.mediaType === 'text/html');
}

function referenceTo(header: string): Json {
  return { $ref: `#/components/headers/${header}` };
}
