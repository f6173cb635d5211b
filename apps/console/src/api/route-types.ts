import type { Routes } from './generated/routes.ts';

/** A route as the interface's documents name it: `GET /v1/orders/{id}`. */
export type RouteName = keyof Routes;

/** Values of a query that are undefined are not sent. */
type Loose<Query> = { readonly [Name in keyof Query]: Query[Name] | undefined };

type Part<Request, Name extends string> = Request extends Readonly<Record<Name, infer Value>>
  ? Readonly<Record<Name, Value>>
  : Request extends { readonly [Key in Name]?: infer Value } ? { readonly [Key in Name]?: Exclude<Value, undefined> } : unknown;

/** What a route takes: `path`, `query` and `body` as the gateway's OpenAPI document says. */
export type RequestOf<Route extends RouteName> =
  & Part<Routes[Route]['request'], 'path'>
  & (Routes[Route]['request'] extends { readonly query: infer Query } ? { readonly query: Loose<Query> }
    : Routes[Route]['request'] extends { readonly query?: infer Query } ? { readonly query?: Loose<Exclude<Query, undefined>> } : unknown)
  & Part<Routes[Route]['request'], 'body'>;

/** What a route answers where all is well. */
export type AnswerOf<Route extends RouteName> = Routes[Route]['answer'];

/** Routes that tell of a state by server-sent events. */
export type StreamName = { [Name in RouteName]: Routes[Name] extends { readonly event: unknown } ? Name : never }[RouteName];

/** What each event of a stream carries. */
export type EventOf<Route extends StreamName> = Routes[Route] extends { readonly event: infer Event } ? Event : never;
