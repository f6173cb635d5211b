import { ApiProblem, problemOf } from './api-problem.ts';
import type { AnswerOf, EventOf, RequestOf, RouteName, StreamName } from './route-types.ts';
import { StreamSlots } from './stream-slots.ts';
import { watchStream } from './watch-stream.ts';

/** How a client reaches the gateway. */
export interface ApiClientOptions {
  /** Scheme, host and port of the gateway; empty for the page's own origin. */
  readonly origin?: string;
  /** What sends a call; it adds what proves who calls. */
  readonly fetch?: typeof globalThis.fetch;
  /** Waits between two tries of a stream. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** What goes with any call. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** The entity tag of what was read before: the call is refused with 412 where something else holds by now. */
  readonly ifMatch?: string | undefined;
  /** Names an act, so that repeating it has no second effect; without it each call that changes something gets one of its own. */
  readonly idempotencyKey?: string | undefined;
}

/** An answer with what its headers say of it. */
export interface Answer<Data> {
  readonly data: Data;
  readonly etag: string | undefined;
  /** How old the answer is, in seconds, where the gateway gave one that it had kept; undefined for a fresh one. */
  readonly ageSeconds: number | undefined;
}

/** Parts of a request in the form that all routes share. */
interface PlainRequest extends CallOptions {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** Who watches a stream. */
interface Watching {
  /** Ends the stream. */
  readonly signal: AbortSignal;
  /** Told when the stream breaks off, and when it is back. */
  readonly onConnection?: (isConnected: boolean) => void;
}

/** Arguments of a call: the request may be left out where the route needs nothing. */
type Arguments<Request> = object extends Request ? [request?: Request] : [request: Request];

/** Of the six connections that a browser opens to one host. */
const mostStreams = 4;

/** The gateway's interface, with the types of its OpenAPI document. Answers are trusted: the gateway's tests hold them to that document. */
export class ApiClient {
  readonly #origin: string;
  readonly #fetch: typeof globalThis.fetch;
  readonly #wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly #slots = new StreamSlots(mostStreams);

  constructor({ origin = '', fetch = (input, init) => globalThis.fetch(input, init), wait = pause }: ApiClientOptions = {}) {
    this.#origin = origin;
    this.#fetch = fetch;
    this.#wait = wait;
  }

  /**
   * Calls a route: `call('GET /v1/orders/{id}', { path: { id } })`.
   * @throws ApiProblem where the call is refused or nothing answers; the signal's reason where it was given up.
   */
  call<Route extends RouteName>(route: Route, ...request: Arguments<RequestOf<Route> & CallOptions>): Promise<Answer<AnswerOf<Route>>>;
  async call(route: string, request: PlainRequest = {}): Promise<Answer<unknown>> {
    const response = await this.#send(route, request, 'application/json');
    const age = response.headers.get('age');
    const data: unknown = hasBody(response) ? await response.json() : undefined;
    return { data, etag: response.headers.get('etag') ?? undefined, ageSeconds: age === null ? undefined : Number(age) };
  }

  /** The file that a route answers, such as CSV, to be saved by the browser. @throws as `call` does. */
  download<Route extends RouteName>(route: Route, ...request: Arguments<RequestOf<Route> & CallOptions>): Promise<Blob>;
  async download(route: string, request: PlainRequest = {}): Promise<Blob> {
    return (await this.#send(route, request, '*/*')).blob();
  }

  /**
   * The states that a stream tells, until its end; see `watchStream` for what happens when it breaks off. Of many streams some wait until another one ends.
   * @throws ApiProblem where the gateway refuses to go on.
   */
  watch<Route extends StreamName>(route: Route, request: RequestOf<Route> & Watching): AsyncGenerator<EventOf<Route>>;
  async *watch(route: string, { signal, onConnection, ...request }: PlainRequest & Watching): AsyncGenerator {
    const giveBack = await this.#slots.take(signal);
    if (!giveBack) return;
    const open = (lastEventId: string | undefined): Promise<Response> =>
      this.#send(route, { ...request, signal }, 'text/event-stream', lastEventId === undefined ? {} : { 'last-event-id': lastEventId });
    try {
      for await (const event of watchStream({ open, signal, onConnection, wait: this.#wait })) yield JSON.parse(event.data);
    } finally {
      giveBack();
    }
  }

  async #send(route: string, { path, query, body, signal, ifMatch, idempotencyKey }: PlainRequest, accept: string, further: Readonly<Record<string, string>> = {}): Promise<Response> {
    const [method = 'GET', template = ''] = route.split(' ');
    const isUnsafe = method !== 'GET';
    const response = await this.#fetch(`${this.#origin}${addressOf(template, path, query)}`, {
      method, signal: signal ?? null, credentials: 'same-origin', redirect: 'error',
      headers: {
        accept, ...further,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(ifMatch !== undefined && { 'if-match': ifMatch }),
        ...(isUnsafe && { 'idempotency-key': idempotencyKey ?? crypto.randomUUID() }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch((thrown: unknown) => {
      signal?.throwIfAborted();
      throw new ApiProblem({ status: 0, code: 'unreachable', detail: 'The hub did not answer.' }, { cause: thrown });
    });
    if (response.ok) return response;
    throw await problemOf(response);
  }
}

/** A route's address: names in braces are filled in, and what the query leaves undefined is not sent. */
function addressOf(template: string, path: Readonly<Record<string, unknown>> = {}, query: Readonly<Record<string, unknown>> = {}): string {
  const filled = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(textOf(path[name])));
  const named = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [value].flat().map((one): [string, string] => [name, textOf(one)])));
  return named.length === 0 ? filled : `${filled}?${new URLSearchParams(named).toString()}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function hasBody({ status, headers }: Response): boolean {
  return status !== 204 && headers.get('content-length') !== '0';
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
