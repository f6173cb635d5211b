import type { NestFastifyApplication } from '@nestjs/platform-fastify';

interface Failures {
  readonly sinceMs: number;
  count: number;
}

const windowMs = 60_000;
const maxAddresses = 10_000;

/**
 * How often each address has shown a credential that does not hold. Guessing 256 bits is hopeless in any case; this keeps whoever tries, and programs
 * whose key was revoked long ago, from costing much. Each process counts by itself.
 */
export class FailedCredentials {
  readonly #perMinute: number;
  readonly #nowMs: () => number;
  readonly #failures = new Map<string, Failures>();

  constructor(perMinute: number, nowMs: () => number = Date.now) {
    this.#perMinute = perMinute;
    this.#nowMs = nowMs;
  }

  /** Seconds until the address may try again; nothing where it may now. */
  restSeconds(address: string): number | undefined {
    const known = this.#current(address);
    return known && known.count >= this.#perMinute ? Math.ceil((known.sinceMs + windowMs - this.#nowMs()) / 1_000) : undefined;
  }

  note(address: string): void {
    const known = this.#current(address);
    if (known) {
      known.count += 1;
      return;
    }
    this.#failures.delete(address);
    this.#failures.set(address, { sinceMs: this.#nowMs(), count: 1 });
    for (const oldest of this.#failures.keys()) {
      if (this.#failures.size <= maxAddresses) break;
      this.#failures.delete(oldest);
    }
  }

  #current(address: string): Failures | undefined {
    const known = this.#failures.get(address);
    return known && known.sinceMs + windowMs > this.#nowMs() ? known : undefined;
  }
}

/** Refuses callers' requests from addresses that have failed too often, before anything is looked up for them. */
export function slowGuessing(app: NestFastifyApplication, perMinute: number): void {
  const failures = new FailedCredentials(perMinute);
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', (request, reply, done) => {
    const restSeconds = request.headers.authorization === undefined ? undefined : failures.restSeconds(request.ip);
    if (restSeconds === undefined) done();
    else void reply.status(429).header('retry-after', String(restSeconds)).type('application/problem+json').send(JSON.stringify({
      type: 'about:blank', status: 429, code: 'too_many_failures', title: 'Too many requests',
      detail: `Too many credentials from this address did not hold; try again in ${restSeconds} seconds.`,
    }));
  });
  server.addHook('onResponse', (request, reply, done) => {
    if (reply.statusCode === 401 && request.headers.authorization !== undefined) failures.note(request.ip);
    done();
  });
}
