import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

/** What was answered to a request, all of it. */
export interface WholeAnswer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/**
 * Sends a request and gathers its answer. undici's own `request` makes a stream of each answer, which costs as much as everything else that it does for one that
 * comes in one piece.
 * @throws Error of undici where no whole answer comes.
 */
export function requestWhole(dispatcher: Dispatcher, request: Dispatcher.DispatchOptions): Promise<WholeAnswer> {
  return new Promise((resolve, reject) => {
    dispatcher.dispatch(request, new AnswerGathering(resolve, reject));
  });
}

class AnswerGathering implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: WholeAnswer) => void;
  readonly #reject: (reason: Error) => void;
  #statusCode = 0;
  #headers: IncomingHttpHeaders = {};
  readonly #chunks: Buffer[] = [];

  constructor(resolve: (answer: WholeAnswer) => void, reject: (reason: Error) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(): void {
    // undici takes a handler without this for one of an older kind.
  }

  /** Also of an answer on the way to the last one, such as 103 Early Hints, whose place the last one takes. */
  onResponseStart(_controller: Dispatcher.DispatchController, statusCode: number, headers: IncomingHttpHeaders): void {
    this.#statusCode = statusCode;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [first, ...more] = this.#chunks;
    const bytes = more.length === 0 ? first : Buffer.concat(this.#chunks);
    this.#resolve({ statusCode: this.#statusCode, headers: this.#headers, text: bytes?.toString('utf8') ?? '' });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#reject(error);
  }
}
