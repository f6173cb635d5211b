import { z } from 'zod';
import type { Vendor } from '@crossdock/contracts';
import { IngestLookUp, ShortMemory, type Connection, type ConnectionStore, type CredentialVault } from '@crossdock/connections';
import type { TenantDatabase } from '@crossdock/tenancy';
import { previousSecretField } from '../connections/previous-secret.ts';

/** A connection with the secrets that its webhooks are verified by. */
export interface IngestConnection {
  readonly connection: Connection;
  /** By field; a field that is not stored is absent. One that was exchanged stands beside it while it still holds. */
  readonly secrets: ReadonlyMap<string, string>;
  /** When reading began, in milliseconds by this process's steady clock. */
  readonly readAtMs: number;
}

/**
 * How long a disconnected connection's webhooks may still be accepted, and a withdrawn secret may still verify. A new
 * secret holds at once: what does not verify by memory is verified by what is stored.
 */
export const connectionKeptMs = 5_000;
const maxConnections = 10_000;

const connectionIdSchema = z.uuid();

/**
 * Whose webhook it is and what verifies it, remembered for seconds, because reading it from PostgreSQL takes several
 * times what all the rest of a webhook takes. Opened secrets stay in this process's memory and in no other place.
 */
export class IngestConnections {
  readonly #byId: ShortMemory<IngestConnection>;
  readonly #byAccount: ShortMemory<Connection>;
  readonly #connections: ConnectionStore;
  readonly #lookUp: IngestLookUp;
  readonly #nowMs: () => number;

  constructor({ connections, vault, database, nowMs = () => performance.now() }: {
    readonly connections: ConnectionStore; readonly vault: CredentialVault; readonly database: TenantDatabase; readonly nowMs?: () => number;
  }) {
    this.#connections = connections;
    this.#lookUp = new IngestLookUp(database, vault);
    this.#nowMs = nowMs;
    this.#byId = new ShortMemory({ keptMs: connectionKeptMs, maxEntries: maxConnections, nowMs });
    this.#byAccount = new ShortMemory({ keptMs: connectionKeptMs, maxEntries: maxConnections, nowMs });
  }

  /**
   * Verifies a webhook by the secrets `fields` of the connection that its address names.
   * @returns undefined where this vendor has no such connection, or it is disconnected.
   */
  async verify<Verdict extends { readonly valid: boolean }>(
    { vendor, connectionId, fields }: { readonly vendor: Vendor; readonly connectionId: string | undefined; readonly fields: readonly string[] },
    verify: (known: IngestConnection) => Verdict,
  ): Promise<{ readonly connection: Connection; readonly verdict: Verdict } | undefined> {
    if (connectionId === undefined) return undefined;
    const read = (): Promise<IngestConnection | undefined> => this.#read(vendor, connectionId, fields);
    const askedAtMs = this.#nowMs();
    const known = await this.#byId.get(memoryKey(vendor, connectionId), read);
    if (known === undefined) return undefined;
    const verdict = verify(known);
    if (verdict.valid || known.readAtMs >= askedAtMs) return { connection: known.connection, verdict };
    // The secret may have been changed since it was read.
    const renewed = await this.#byId.renew(memoryKey(vendor, connectionId), read);
    return renewed && { connection: renewed.connection, verdict: verify(renewed) };
  }

  /** The connection that an address names, where there is one of this vendor. */
  async find(vendor: Vendor, connectionId: string | undefined): Promise<Connection | undefined> {
    if (!connectionIdSchema.safeParse(connectionId).success || connectionId === undefined) return undefined;
    const connection = await this.#connections.findForIngest(connectionId);
    return connection?.vendor === vendor ? connection : undefined;
  }

  /** Which connection a vendor's account belongs to. */
  findByAccount(vendor: Vendor, accountId: string): Promise<Connection | undefined> {
    return this.#byAccount.get(memoryKey(vendor, accountId), () => this.#connections.findByAccount(vendor, accountId));
  }

  async #read(vendor: Vendor, connectionId: string, fields: readonly string[]): Promise<IngestConnection | undefined> {
    const readAtMs = this.#nowMs();
    if (!connectionIdSchema.safeParse(connectionId).success) return undefined;
    const found = await this.#lookUp.find(connectionId, fields.flatMap((name) => [name, previousSecretField(name)]));
    return found?.connection.vendor === vendor ? { ...found, readAtMs } : undefined;
  }
}

function memoryKey(vendor: Vendor, name: string): string {
  return `${vendor} ${name}`;
}
