import { randomUUID } from 'node:crypto';
import type { Org } from '../orgs.ts';

/** The channel that tells of all types which were selected. */
export const changeEventChannel = '/data/ChangeEvents';

export interface CometdClient {
  id: string;
  org: Org;
  cookie: string;
  /** The last event that was sent on each channel. */
  subscriptions: Map<string, number>;
  /** Since when nothing was heard of it; undefined while it waits for an answer. */
  silentSinceMs: number | undefined;
  /** Ends its waiting. */
  wake: (() => void) | undefined;
}

/** A client that does not connect again within this time is forgotten (Streaming API Developer Guide, "How the Client Connects"). */
const keptMs = 40_000;

/** Who listens to the stand-in's orgs. */
export class CometdClients {
  private readonly byId = new Map<string, CometdClient>();

  open(org: Org): CometdClient {
    const client: CometdClient = {
      id: randomUUID().replaceAll('-', ''), org, cookie: randomUUID(), subscriptions: new Map(), silentSinceMs: Date.now(), wake: undefined,
    };
    this.byId.set(client.id, client);
    return client;
  }

  find(id: unknown): CometdClient | undefined {
    const client = typeof id === 'string' ? this.byId.get(id) : undefined;
    if (client?.silentSinceMs !== undefined && Date.now() - client.silentSinceMs > keptMs) this.close(client);
    return client && this.byId.get(client.id);
  }

  of(org: Org): CometdClient[] {
    return [...this.byId.values()].filter((client) => client.org === org && this.find(client.id) !== undefined);
  }

  close(client: CometdClient): void {
    this.byId.delete(client.id);
    client.wake?.();
  }

  /** Has every client that waits looked at anew, such as after its session was ended. */
  wakeAll(): void {
    for (const { wake } of this.byId.values()) wake?.();
  }

  clear(): void {
    for (const client of this.byId.values()) this.close(client);
  }
}
