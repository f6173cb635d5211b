import { hash } from 'node:crypto';
import type { Socket } from 'node:net';
import { tenantHeader, type Caller } from '@crossdock/service-tokens';
import type { FastifyRequest } from 'fastify';

interface Admitted {
  readonly caller: Caller;
  readonly untilMs: number;
}

/** All of a request that decides who calls and for whom, and its digest. */
interface Deciding {
  readonly authorization: string;
  readonly host: string;
  readonly origin: string;
  readonly tenant: string | readonly string[];
  readonly key: string;
}

/** How much later a revocation counts than by what the caller was found from: with that, five seconds at most (docs/callers.md). */
const keptMs = 1_000;
const maxCallers = 10_000;

/**
 * Who was let in a moment ago, under one access rule, by everything in a request that decides it: programs send the same headers again and again, and to find a
 * caller out asks for credential, session, domain and standing each time. Nobody is known here for longer than the credential lasts, and who was refused is not at all.
 */
export class AdmittedCallers {
  readonly #admitted = new Map<string, Admitted>();
  readonly #lastOf = new WeakMap<Socket, Deciding>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  /**
   * Under which the caller of a request is kept: a digest, in place of the credential, which nobody should find here. It is made once for what a connection sends again
   * and again, which stays with that connection as long as it lasts.
   */
  keyOf({ socket, headers: { authorization = '', host = '', origin = '', [tenantHeader]: tenant = '' } }: Pick<FastifyRequest, 'socket' | 'headers'>): string {
    const last = this.#lastOf.get(socket);
    if (last && last.authorization === authorization && last.host === host && last.origin === origin && last.tenant === tenant) return last.key;
    const key = hash('sha256', `${authorization}\n${host}\n${origin}\n${String(tenant)}`, 'base64');
    this.#lastOf.set(socket, { authorization, host, origin, tenant, key });
    return key;
  }

  find(key: string): Caller | undefined {
    const admitted = this.#admitted.get(key);
    return admitted && this.#nowMs() < admitted.untilMs ? admitted.caller : undefined;
  }

  keep(key: string, caller: Caller): void {
    // A Map keeps the order of insertion: who was let in longest ago goes where there are too many.
    this.#admitted.delete(key);
    this.#admitted.set(key, { caller, untilMs: Math.min(this.#nowMs() + keptMs, caller.expiresAtMs ?? Infinity) });
    for (const oldest of this.#admitted.keys()) {
      if (this.#admitted.size <= maxCallers) break;
      this.#admitted.delete(oldest);
    }
  }
}
