import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { describeProblem } from '@crossdock/service-kit';
import type { FastifyReply } from 'fastify';
import { EventStreams, tooSlow } from '../requests/event-streams.ts';
import { isAway } from './internal-client.ts';

/** Something that people watch. */
interface Watch<State> {
  /** @throws where it is not there, or the service behind does not answer. */
  readonly look: () => Promise<State>;
  /** What of it makes a new event; the rest, such as a rate, is told with the next one. */
  readonly newsOf: (state: State) => unknown;
  readonly hasEnded: (state: State) => boolean;
  /** Whether who watches may still do so; the stream ends where not, and a browser that asks anew is told why. */
  readonly mayGoOn: () => Promise<boolean>;
  /** `Last-Event-ID` of a client that had been watching before. */
  readonly lastEventId: string | undefined;
}

const lookEveryMs = 1_000;
/** Something goes out at least so often, so that nobody on the way takes the connection for dead. */
const silenceMs = 15_000;
/** Then the stream ends, and a browser asks anew, with whatever right it has by then. */
const longestMs = 15 * 60_000;

/** Server-sent events of what moves on in the services behind. Those that are open end before the gateway stops. */
@Injectable()
export class StateStreams implements OnModuleDestroy {
  readonly #stop = new AbortController();

  constructor(private readonly streams: EventStreams) {}

  onModuleDestroy(): void {
    this.#stop.abort();
  }

  /**
   * Tells a state as it is now, again whenever it has moved on, and at last as it ended; then the stream ends. A client that comes
   * back hears nothing twice; one that has seen the end is answered 204, which tells a browser to ask no more (HTML Living Standard,
   * "Server-sent events"). While the service behind is away the stream stays open. Who takes nothing is told why by the event `problem`, and cut off.
   * @throws what the first look throws, before anything is sent.
   */
  async tell<State>(reply: FastifyReply, watch: Watch<State>): Promise<void> {
    const first = await watch.look();
    if (watch.hasEnded(first) && idOf(watch.newsOf(first)) === watch.lastEventId) {
      void reply.status(204).send();
      return;
    }
    void reply.type('text/event-stream').headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    void reply.send(this.streams.open(eventsOf(first, watch, this.#stop.signal), lastWord()));
  }

  /** The same states for whoever tells them in another form, and sees to who listens. @throws what the first look throws. */
  async *states<State>(watch: Omit<Watch<State>, 'lastEventId' | 'mayGoOn'>): AsyncGenerator<State> {
    for await (const told of tellings(await watch.look(), { ...watch, lastEventId: undefined, mayGoOn: async () => true }, this.#stop.signal)) if (told) yield told.state;
  }
}

async function* eventsOf<State>(first: State, watch: Watch<State>, stop: AbortSignal): AsyncGenerator<string> {
  for await (const told of tellings(first, watch, stop)) yield told ? `id: ${told.id}\ndata: ${JSON.stringify(told.state)}\n\n` : ': nothing new\n\n';
}

/** What there is to tell: the state with the id of its news, or nothing, where nothing was told for long. */
async function* tellings<State>(first: State, { look, newsOf, hasEnded, mayGoOn, lastEventId }: Watch<State>, stop: AbortSignal): AsyncGenerator<{ readonly id: string; readonly state: State } | undefined> {
  const endsAtMs = Date.now() + longestMs;
  let toldId = lastEventId;
  let spokenAtMs = Date.now();
  for (let state: State | undefined = first; ;) {
    const id = state === undefined ? toldId : idOf(newsOf(state));
    if (state !== undefined && id !== undefined && id !== toldId) {
      yield { id, state };
      [toldId, spokenAtMs] = [id, Date.now()];
    } else if (Date.now() - spokenAtMs >= silenceMs) {
      yield undefined;
      spokenAtMs = Date.now();
    }
    if (stop.aborted || Date.now() >= endsAtMs || (state !== undefined && hasEnded(state))) return;
    await wait(lookEveryMs, undefined, { signal: stop }).catch(() => undefined);
    if (!await mayGoOn()) return;
    try {
      state = await look();
    } catch (thrown) {
      // A client that comes back is told by the answer what has become of what it watched.
      if (!isAway(thrown)) return;
      state = undefined;
    }
  }
}

function lastWord(): string {
  const { status, code, detail } = describeProblem(tooSlow());
  return `event: problem\ndata: ${JSON.stringify({ status, code, detail })}\n\n`;
}

function idOf(news: unknown): string {
  return createHash('sha256').update(JSON.stringify(news)).digest('base64url').slice(0, 22);
}
