import type { ServiceTokenClient } from '@crossdock/service-tokens';
import { z } from 'zod';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

const problemSchema = z.object({ detail: z.string() });

/** What was asked for could not be done; the message says why. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** HTTP status; 0 where nothing answered. */
  readonly status: number;

  constructor(status: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

/** Calls of the gateway by one client. */
export class GatewayCalls {
  readonly #url: string;
  readonly #tokens: ServiceTokenClient;

  constructor(url: string, tokens: ServiceTokenClient) {
    this.#url = url;
    this.#tokens = tokens;
  }

  /** @returns the answer's JSON. @throws Refusal where it says no, or does not answer. */
  async call(method: HttpMethod, path: string, body?: object): Promise<unknown> {
    return (await this.#send(method, path, body)).json().catch(() => undefined);
  }

  /** The lines of an answer, as they come. @throws Refusal as well where it ends in the middle. */
  async* lines(path: string): AsyncGenerator<string> {
    const { body } = await this.#send('GET', path);
    let rest = '';
    try {
      for await (const piece of body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const lines = (rest + piece).split('\n');
        rest = lines.pop() ?? '';
        yield* lines;
      }
    } catch (cause) {
      throw new Refusal(0, 'The answer broke off in the middle: ask again.', cause);
    }
    if (rest !== '') throw new Refusal(0, 'The answer ended in the middle of a line: ask again.');
  }

  async #send(method: HttpMethod, path: string, body?: object): Promise<Response> {
    const token = await this.#tokens.token('gateway');
    const response = await fetch(`${this.#url}/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new Refusal(0, `The gateway at ${this.#url} does not answer. Is it running, and is --url right?`, cause);
    });
    if (!response.ok) throw new Refusal(response.status, problemSchema.safeParse(await response.json().catch(() => undefined)).data?.detail ?? `The gateway answered ${response.status}.`);
    return response;
  }
}
