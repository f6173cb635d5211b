import { isIPv6 } from 'node:net';
import type { Redis } from 'ioredis';

const windowSeconds = 60;

export interface SignOnLimitOptions {
  readonly redis: Pick<Redis, 'eval'>;
  /** Sets installations apart that share a Redis. */
  readonly keyPrefix: string;
  /** How often in a minute, over all replicas. */
  readonly perMinute: { readonly address: number; readonly tenant: number };
  readonly now: () => Date;
}

/** Counts one more; the count ends with its window. */
const count = `local taken = redis.call('INCR', KEYS[1])
if taken == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return taken`;

/**
 * How often pages of sign-on are asked for before anybody is known, by network address and by tenant: each costs rows, and a refusal an entry of the audit.
 * While Redis is away nobody is held up.
 */
export class SignOnLimit {
  readonly #options: SignOnLimitOptions;

  constructor(options: SignOnLimitOptions) {
    this.#options = options;
  }

  /** @returns seconds until the address may go on; undefined where it may now. */
  ofAddress(address: string): Promise<number | undefined> {
    return this.#take('address', networkOf(address));
  }

  /** @returns seconds until people of the tenant may begin again; undefined where they may now. */
  ofTenant(tenantId: string): Promise<number | undefined> {
    return this.#take('tenant', tenantId);
  }

  async #take(kind: 'address' | 'tenant', name: string): Promise<number | undefined> {
    const { redis, keyPrefix, perMinute, now } = this.#options;
    const nowSeconds = now().getTime() / 1_000;
    const window = Math.floor(nowSeconds / windowSeconds);
    try {
      const taken = Number(await redis.eval(count, 1, `${keyPrefix}auth-sso:sign-on:${kind}:${name}:${window}`, windowSeconds * 2));
      return taken <= perMinute[kind] ? undefined : Math.ceil((window + 1) * windowSeconds - nowSeconds);
    } catch {
      return undefined;
    }
  }
}

/** Whoever has an IPv6 address usually has the 2^64 of its network (RFC 6177), which therefore count as one. */
export function networkOf(address: string): string {
  const mapped = address.replace(/^::ffff:(?=[\d.]+$)/i, '');
  if (!isIPv6(mapped)) return mapped;
  const [head = '', tail] = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1).split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  return [...groups, ...Array<string>(missing).fill('0'), ...(tail ?? '').split(':').filter((group) => group !== '')].slice(0, 4).join(':');
}
