import type { AccessTokens } from './access-tokens.ts';
import type { Connection } from '../connection.ts';
import { ShortMemory } from '../short-memory.ts';

/** As long as a webhook's secret is remembered; a token that was taken back meanwhile is refused by the vendor, not by us. */
const keptMs = 5_000;
const maxEntries = 10_000;

/**
 * Access tokens, each read and opened once in five seconds however many calls need it. One that the vendor refuses is replaced
 * at once. Whether the connection may still be used is not asked here: whoever works for it looks at its state.
 */
export class TokenMemory implements Pick<AccessTokens, 'get' | 'refreshAfter401'> {
  readonly #tokens: Pick<AccessTokens, 'get' | 'refreshAfter401'>;
  readonly #memory = new ShortMemory<string>({ keptMs, maxEntries, nowMs: () => performance.now() });

  constructor(tokens: Pick<AccessTokens, 'get' | 'refreshAfter401'>) {
    this.#tokens = tokens;
  }

  async get(connection: Connection): Promise<string> {
    return await this.#memory.get(connection.id, () => this.#tokens.get(connection)) ?? await this.#tokens.get(connection);
  }

  async refreshAfter401(connection: Connection, refusedToken: string): Promise<string> {
    const renewed = await this.#tokens.refreshAfter401(connection, refusedToken);
    await this.#memory.renew(connection.id, async () => renewed);
    return renewed;
  }
}
