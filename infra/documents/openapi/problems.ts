/** The problems that routes can end with: which of them, follows from what a route declares. */
import type { DeclaredRoute } from './controller-source.ts';
import type { Json } from './schema-components.ts';

export const problemSchema: Json = {
  type: 'object',
  required: ['type', 'status', 'code', 'title', 'detail'],
  properties: {
    type: { type: 'string' }, status: { type: 'integer' }, title: { type: 'string' },
    code: { type: 'string', description: 'Stable, for programs.' }, detail: { type: 'string', description: 'For people.' },
    errors: {
      type: 'array', description: 'What is wrong with the request, place by place.',
      items: { type: 'object', required: ['pointer', 'detail'], properties: { pointer: { type: 'string' }, detail: { type: 'string' } } },
    },
    candidates: { type: 'array', description: 'Where what was named stands for several records, such as a number alone: which may be meant, each as it is asked for.', items: { type: 'string' } },
    problems: { type: 'array', description: 'What is wrong with what was to be saved, where a route tells that in its own form.', items: {} },
  },
};

interface ProblemAnswer {
  readonly status: number;
  readonly description: string;
  /** As docs/interface.md explains them. */
  readonly codes: readonly [string, ...string[]];
  readonly isOf: (route: DeclaredRoute) => boolean;
}

const isForCallers = ({ rule }: DeclaredRoute): boolean => rule !== undefined && rule.kind !== 'public';
const isGraph = ({ path }: DeclaredRoute): boolean => path === '/v1/graphql';
const changes = ({ changesNothing }: DeclaredRoute): boolean => !changesNothing;
const wantsSeen = ({ headers }: DeclaredRoute): boolean => headers.includes('if-match');

/** By the name that each has in the document. */
const problemAnswers: Readonly<Record<string, ProblemAnswer>> = {
  Malformed: { status: 400, description: 'Mend the request.', codes: ['the_request_is_malformed'], isOf: (route) => !isGraph(route) },
  QueryRefused: {
    status: 400, description: 'Ask for less, or by a document that is kept.', isOf: isGraph,
    codes: ['the_request_is_malformed', 'query_too_deep', 'query_too_large', 'query_too_costly', 'introspection_is_off', 'query_not_kept'],
  },
  NotAuthenticated: { status: 401, description: 'Get a new token or key; `WWW-Authenticate` says what is wrong.', codes: ['the_caller_is_not_authenticated'], isOf: isForCallers },
  NotAllowed: { status: 403, description: 'Ask for the scope; where the tenant is suspended or deleted, an operator decides.', codes: ['the_caller_may_not_do_this', 'tenant_suspended', 'tenant_deleted'], isOf: isForCallers },
  NotFound: { status: 404, description: 'There is no such thing, or it belongs to another tenant.', codes: ['not_found'], isOf: (route) => isForCallers(route) && !isGraph(route) },
  Conflict: {
    status: 409, description: 'Read what is there, and decide; where the same request is under way, ask again after `Retry-After` seconds.', isOf: changes,
    codes: ['conflict', 'the_request_conflicts_with_the_present_state', 'dependency_missing', 'idempotency_key_in_use', 'answer_shown_once'],
  },
  CursorExpired: { status: 409, description: 'The cursor leads nowhere any more: begin the list anew.', codes: ['cursor_expired', 'the_request_conflicts_with_the_present_state'], isOf: (route) => !changes(route) && route.takesQuery },
  ChangedMeanwhile: { status: 412, description: 'Read it again, and send its `ETag` as `If-Match`.', codes: ['the_record_has_changed_since_it_was_read'], isOf: wantsSeen },
  TooLarge: { status: 413, description: 'Send less.', codes: ['the_request_body_is_too_large'], isOf: ({ takesBody }) => takesBody },
  NotJson: { status: 415, description: 'Send JSON.', codes: ['the_content_type_is_not_supported'], isOf: ({ takesBody }) => takesBody },
  NotValid: {
    status: 422, description: 'Mend what `errors` names; take a new key for a new request.', codes: ['invalid', 'the_request_is_not_valid', 'idempotency_key_reused'],
    isOf: (route) => route.takesBody || route.takesQuery || route.path.includes('{') || changes(route),
  },
  NotSaidWhatIsSeen: { status: 428, description: 'Send the `ETag` of what you have read as `If-Match`.', codes: ['the_request_must_say_what_it_has_seen'], isOf: wantsSeen },
  TooMany: {
    status: 429, description: 'Wait `Retry-After` seconds.', isOf: isForCallers,
    codes: ['too_many_requests', 'too_many_failures', 'too_many_subscriptions', 'rate_limited', 'quota_exhausted'],
  },
  OurFault: { status: 500, description: 'Ours; it is recorded.', codes: ['unexpected', 'internal_error'], isOf: () => true },
  RefusedBehind: { status: 502, description: 'The connection needs a person: see its health.', codes: ['unauthorised', 'forbidden', 'a_system_behind_this_one_refused'], isOf: isForCallers },
  Unavailable: { status: 503, description: 'Send the same again after `Retry-After` seconds.', codes: ['transient', 'outcome_unknown', 'temporarily_unavailable'], isOf: () => true },
};

/** References to the problems that a route can end with, by status. */
export function problemsOf(route: DeclaredRoute): Json {
  const own = Object.entries(problemAnswers).filter(([, { isOf }]) => isOf(route));
  return Object.fromEntries(own.map(([name, { status }]) => [status, { $ref: `#/components/responses/${name}` }]));
}

/** All problems, by name. */
export function problemComponents(): Json {
  return Object.fromEntries(Object.entries(problemAnswers).map(([name, { status, description, codes }]) => [name, {
    description,
    ...(([429, 503].includes(status) || name === 'Conflict') && { headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } }),
    content: {
      'application/problem+json': {
        schema: { allOf: [{ $ref: '#/components/schemas/Problem' }, { type: 'object', properties: { status: { const: status }, code: { enum: codes } } }] },
        example: { type: 'about:blank', status, code: codes[0], title: titleFor(codes[0]), detail: description.replaceAll('`', '') },
      },
    },
  }]));
}

function titleFor(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
