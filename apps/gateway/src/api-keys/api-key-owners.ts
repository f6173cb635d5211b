import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { ShortMemory } from '@crossdock/connections';
import { LOGGER, type Logger } from '@crossdock/service-kit';
import type { Principal } from '@crossdock/service-tokens';
import { isSameSecret, readApiKey } from './api-key.ts';
import { ApiKeyRepository, type HeldApiKey } from './api-key.repository.ts';

/** A key that was revoked may hold that much longer in the other processes, and a second more for look-ups (`AdmittedCallers`). */
const keptMs = 4_000;
/** How often the time of a key's last use is written down. */
const noteUseEveryMs = 60_000;

/** Who is let in by an API key. */
@Injectable()
export class ApiKeyOwners {
  readonly #memory = new ShortMemory<HeldApiKey>({ keptMs, maxEntries: 10_000, nowMs: Date.now });
  readonly #notedAtMs = new Map<string, number>();

  constructor(private readonly keys: ApiKeyRepository, @Inject(LOGGER) private readonly logger: Logger) {}

  /** Nothing where the key is not known, wrong, revoked or expired: which of them is told to nobody. */
  async find(key: string): Promise<Principal | undefined> {
    const parts = readApiKey(key);
    if (!parts) return undefined;
    const held = await this.#memory.get(createHash('sha256').update(key).digest('base64'), async () => {
      const found = await this.keys.findByPrefix(parts.prefix);
      // Compared with itself where there is nothing else, so that a beginning that exists takes no longer.
      return isSameSecret(found?.secretHash ?? parts.secretHash, parts.secretHash) ? found : undefined;
    });
    if (!held || held.expiresAt.getTime() <= Date.now()) return undefined;
    this.#noteUse(held);
    return { kind: 'api_key', clientId: `api-key/${held.id}`, tenantId: held.tenantId, scopes: new Set(held.scopes), expiresAtMs: held.expiresAt.getTime(), ...(held.workspaceId !== null && { workspaceId: held.workspaceId }) };
  }

  /** Nobody waits for it, and no request fails by it. */
  #noteUse(held: HeldApiKey): void {
    const nowMs = Date.now();
    if ((this.#notedAtMs.get(held.id) ?? -Infinity) + noteUseEveryMs > nowMs) return;
    // A Map keeps the order of insertion: the oldest goes where there are too many.
    this.#notedAtMs.delete(held.id);
    this.#notedAtMs.set(held.id, nowMs);
    for (const id of this.#notedAtMs.keys()) {
      if (this.#notedAtMs.size <= 10_000) break;
      this.#notedAtMs.delete(id);
    }
    this.keys.noteUse(held).catch((error: unknown) => {
      this.logger.warn({ err: error, keyId: held.id }, 'when an API key was used could not be written down');
    });
  }
}
