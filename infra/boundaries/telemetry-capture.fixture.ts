import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { z } from 'zod';
import { instrumentations } from '../../libs/service-kit/src/instrumentations.ts';

/** What a collector would be sent of this process, span by span, as text. */
export class SpanCapture {
  readonly texts: string[] = [];
  readonly #sdk = new NodeSDK({
    autoDetectResources: false, metricReaders: [], logRecordProcessors: [], instrumentations: instrumentations(true),
    spanProcessors: [{
      onStart: () => undefined,
      onEnd: ({ name, attributes, events, status, links }) => void this.texts.push(inspect({ name, attributes, events, status, links }, { depth: 8, maxStringLength: null, breakLength: Infinity })),
      forceFlush: async () => undefined,
      shutdown: async () => undefined,
    }],
  });

  constructor() {
    this.#sdk.start();
  }

  stop(): Promise<void> {
    return this.#sdk.shutdown();
  }
}

const requestSchema = z.object({ request: z.object({ body: z.unknown(), headers: z.unknown() }) });
/** Parameters of OAuth's forms that are secret. `token` is what a revocation names. */
const secretParameters = ['code', 'code_verifier', 'refresh_token', 'client_secret', 'token'];
const credentialHeader = /^(authorization|x-api-token)$/i;

/** Everything secret that this process sends to vendors, by what it is and however it came there. */
export class SentSecrets {
  readonly found = new Map<string, string>();
  readonly #listen = (message: unknown): void => this.#note(message);

  constructor() {
    subscribe('undici:request:create', this.#listen);
  }

  stop(): void {
    unsubscribe('undici:request:create', this.#listen);
  }

  #note(message: unknown): void {
    const { request: { body, headers } } = requestSchema.parse(message);
    const text = Buffer.isBuffer(body) ? body.toString() : typeof body === 'string' ? body : '';
    const form = new URLSearchParams(text);
    for (const name of secretParameters) this.#keep(name, form.get(name));
    const pairs = Array.isArray(headers) ? headers.map(String) : [];
    for (let at = 0; at + 1 < pairs.length; at += 2) {
      if (credentialHeader.test(pairs[at] ?? '')) this.#keep(`${pairs[at]} header`, pairs[at + 1]?.split(' ').at(-1) ?? null);
    }
  }

  #keep(what: string, secret: string | null): void {
    if (secret !== null && secret.length >= 8) this.found.set(`sent ${what} ${this.found.size}`, secret);
  }
}
