import { randomUUID } from 'node:crypto';
import { asFailure, Failure, type Vendor } from '@crossdock/contracts';
import { tenantContext, type TenantDatabase } from '@crossdock/tenancy';
import type { ConnectionSecrets, VendorAuthorisation } from '../authorisation/vendor-authorisation.ts';
import type { Connection } from '../connection.ts';
import type { Connections } from '../connections.ts';
import { SecretUnreadable } from '../vault/credential-vault.ts';
import { putRenewalOff, readProbeRecord, writeProbeRecord } from './probe-record.ts';
import { judgeProbe } from './probe-verdict.ts';

export interface ConnectionUpkeepOptions {
  readonly database: TenantDatabase;
  readonly connections: Connections;
  readonly vendors: Partial<Record<Vendor, VendorAuthorisation>>;
  /** How often a connection that is well is looked at, in milliseconds. */
  readonly probeEveryMs: number;
}

const renewalRetryMs = 60_000;
/** What needs a person is looked at rarely: only a vault key that came back could change it. */
const restMs = 3_600_000;

/** Keeps connections alive: renews tokens in time and looks now and then whether the vendor still serves the connection. */
export class ConnectionUpkeep {
  readonly #options: ConnectionUpkeepOptions;

  constructor(options: ConnectionUpkeepOptions) {
    this.#options = options;
  }

  get probeEveryMs(): number {
    return this.#options.probeEveryMs;
  }

  /** Does what is due for a connection. Whatever the vendor says becomes the connection's state; nothing is thrown for it. */
  async attend(tenantId: string, connectionId: string, signal: AbortSignal): Promise<void> {
    const scope = tenantContext.current() ?? { tenantId, correlationId: randomUUID() };
    await tenantContext.run(scope, async () => {
      const connection = await this.#options.connections.store.find(tenantId, connectionId);
      if (!connection || connection.state === 'disconnected') return;
      const mayHeal = connection.state !== 'needs_reconnect' || connection.stateCode === 'secret_unreadable';
      if (mayHeal) await this.#attend(connection, signal);
      else await this.#write(connection, (manager) => writeProbeRecord(manager, connection, { failures: 0, nextInMs: restMs, failure: connection.stateReason ?? 'A person has to reconnect.' }));
    });
  }

  async #attend(connection: Connection, signal: AbortSignal): Promise<void> {
    const { isRenewalDue, probeFailures } = await this.#options.database.transaction(connection.tenantId, (manager) => readProbeRecord(manager, connection));
    if (isRenewalDue) await this.#renew(connection);
    const failure = await this.#probe(connection, signal);
    const present = await this.#options.connections.store.find(connection.tenantId, connection.id);
    // A refused renewal has said all there is to say.
    if (!present || present.state === 'disconnected' || (present.state === 'needs_reconnect' && present.stateCode !== 'secret_unreadable')) return;
    const verdict = judgeProbe(present, failure, {
      failuresBefore: probeFailures, everyMs: this.#options.probeEveryMs, nowMs: Date.now(), chance: Math.random(),
    });
    await this.#write(present, async (manager) => {
      await writeProbeRecord(manager, present, verdict);
      const isUnreadable = failure instanceof SecretUnreadable;
      const reason = verdict.reason && isUnreadable ? { ...verdict.reason, code: 'secret_unreadable' as const } : verdict.reason;
      if (verdict.state) await this.#options.connections.health.move(manager, present, verdict.state, reason);
    });
  }

  /** A token that is not renewed yet still works for a good while: the next try is soon enough. */
  async #renew(connection: Connection): Promise<void> {
    const { connections: { tokens, vault }, database } = this.#options;
    try {
      const stored = await database.transaction(connection.tenantId, (manager) => vault.find(manager, connection, 'access_token'));
      if (stored) await tokens.refreshAfter401(connection, stored.secret);
    } catch {
      await this.#write(connection, (manager) => putRenewalOff(manager, connection, renewalRetryMs));
    }
  }

  /** @returns why the vendor does not serve the connection; undefined where it does. */
  async #probe(connection: Connection, signal: AbortSignal): Promise<Failure | undefined> {
    const vendor = this.#options.vendors[connection.vendor];
    if (!vendor) return undefined;
    try {
      const secrets = await this.#secrets(connection);
      await vendor.probe(connection, secrets, signal).catch(async (thrown: unknown) => {
        const refused = secrets['access_token'];
        if (asFailure(thrown).kind !== 'unauthorised') throw thrown;
        if (refused === undefined || !vendor.refresh) return this.#probeAnew(vendor, connection, { thrown, secrets }, signal);
        const renewed = await this.#options.connections.tokens.refreshAfter401(connection, refused);
        await vendor.probe(connection, { ...secrets, access_token: renewed }, signal).catch((again: unknown) => {
          // Only the token endpoint can say that a person must reconnect: see `sendAuthorised`.
          const failure = asFailure(again);
          throw failure.kind === 'unauthorised' ? new Failure('transient', failure.message, { cause: failure }) : failure;
        });
      });
      return undefined;
    } catch (thrown) {
      return asFailure(thrown);
    }
  }

  /** Keys that were refused may have been exchanged since they were read. */
  async #probeAnew(
    vendor: VendorAuthorisation, connection: Connection, { thrown, secrets }: { readonly thrown: unknown; readonly secrets: ConnectionSecrets }, signal: AbortSignal,
  ): Promise<void> {
    const present = await this.#secrets(connection);
    if (Object.entries(present).every(([field, secret]) => secrets[field] === secret)) throw thrown;
    await vendor.probe(connection, present, signal);
  }

  async #secrets(connection: Connection): Promise<ConnectionSecrets> {
    const { connections: { tokens, vault }, database, vendors } = this.#options;
    const secrets = await database.transaction(connection.tenantId, (manager) => vault.findAll(manager, connection));
    return vendors[connection.vendor]?.refresh ? { ...secrets, access_token: await tokens.get(connection) } : secrets;
  }

  #write(connection: Connection, work: Parameters<TenantDatabase['transaction']>[1]): Promise<unknown> {
    return this.#options.database.transaction(connection.tenantId, work);
  }
}
