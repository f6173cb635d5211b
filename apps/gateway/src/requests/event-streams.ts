import { HttpException, Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { EventStream } from './event-stream.ts';

/** Shorter than a connection may be silent, so that there is time to say why; longer than a proxy or a sleeping page pauses. */
const mostMs = 15_000;

/** Why a listener was cut off. */
export const tooSlow = (): HttpException => new HttpException({ code: 'listener_too_slow', message: 'Nothing was taken for 15 seconds, so that the stream has ended; listen anew.' }, 408);

/** Opens streams of server-sent events, and counts listeners that were cut off. */
@Injectable()
export class EventStreams {
  readonly #slow: Counter;

  constructor(registry: Registry) {
    this.#slow = new Counter({ name: 'crossdock_slow_listeners_total', help: 'Listeners to server-sent events that were cut off because they took nothing.', registers: [registry] });
  }

  /** @param lastWord the events that tell a slow listener why it ends */
  open(events: AsyncGenerator<string>, lastWord: string): EventStream {
    return new EventStream(events, { mostMs, lastWord, onCutOff: () => {
      this.#slow.inc();
    } });
  }
}
