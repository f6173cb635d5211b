import { randomUUID } from 'node:crypto';
import {
  asFailure, connectionHealthChanged, connectionStateSchema, type ConnectionReasonCode, type ConnectionState,
} from '@crossdock/contracts';
import type { EventPublisher } from '@crossdock/event-bus';
import { tenantContext, type TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { Connection } from '../connection.ts';
import { SecretUnreadable } from '../vault/credential-vault.ts';
import { auditConnection } from './connection-audit.ts';

/** Why a connection is in a state. */
export interface ConnectionReason {
  readonly code: ConnectionReasonCode;
  /** For the tenant's administrator: what happened and what to do. Never a secret. */
  readonly message: string;
}

type Subject = Pick<Connection, 'id' | 'tenantId' | 'vendor'>;

/**
 * The state of connections. Each change is written, told to all services and put into the audit in one transaction: a
 * state that nobody hears of would leave work resting for ever.
 */
export class ConnectionHealth {
  readonly #database: TenantDatabase;
  readonly #publisher: EventPublisher;
  readonly #actor: string;

  /** @param actor the service, for the audit. */
  constructor(database: TenantDatabase, publisher: EventPublisher, actor: string) {
    this.#database = database;
    this.#publisher = publisher;
    this.#actor = actor;
  }

  /**
   * Moves a connection to a state in a tenant transaction; the same state again only renews the reason.
   * @returns whether the connection exists and its state is another now.
   */
  async move(manager: EntityManager, connection: Subject, state: ConnectionState, reason?: ConnectionReason): Promise<boolean> {
    const previousState = await lockState(manager, connection.id);
    if (previousState === undefined) return false;
    const since = await writeState(manager, connection.id, state, reason);
    if (previousState === state) return false;
    await this.#tell(manager, connection, { previousState, state, since, ...(reason && { reason }) });
    await auditConnection(manager, {
      tenantId: connection.tenantId, connectionId: connection.id, vendor: connection.vendor, actor: this.#actor,
      action: 'connection.state', outcome: state, detail: reason?.code,
    });
    return true;
  }

  /**
   * Tells how a call to the vendor ended, so that the state follows what really happens: refused credentials ask for a
   * person at once, a missing permission is said, and a call that works ends what the last one had said.
   */
  async observe(connection: Connection, thrown?: unknown): Promise<void> {
    const verdict = verdictOf(connection, thrown);
    if (!verdict) return;
    await this.#database.transaction(connection.tenantId, async (manager) => {
      const present = await lockState(manager, connection.id);
      if (present === 'disconnected' || (present === 'needs_reconnect' && verdict.state !== 'needs_reconnect')) return;
      await this.move(manager, connection, verdict.state, verdict.reason);
    });
  }

  /** Calls the vendor by `work` and observes how it ends. */
  async watch<Result>(connection: Connection, work: () => Promise<Result>): Promise<Result> {
    try {
      const result = await work();
      await this.observe(connection);
      return result;
    } catch (thrown) {
      await this.observe(connection, thrown);
      throw thrown;
    }
  }

  async #tell(
    manager: EntityManager, connection: Subject,
    change: { readonly previousState: ConnectionState; readonly state: ConnectionState; readonly since: Date; readonly reason?: ConnectionReason },
  ): Promise<void> {
    // Upkeep and refreshes happen outside of any request as well.
    const scope = tenantContext.current() ?? { tenantId: connection.tenantId, correlationId: randomUUID() };
    const envelope = this.#publisher.envelope(scope, connectionHealthChanged, {
      subject: `connection/${connection.id}`,
      data: { connectionId: connection.id, vendor: connection.vendor, ...change, since: change.since.toISOString() },
    });
    await this.#publisher.append(manager, [envelope]);
  }
}

/** What the end of a call says about the connection; undefined where it says nothing new. */
function verdictOf(
  connection: Pick<Connection, 'vendor' | 'state' | 'stateCode'>, thrown: unknown,
): { readonly state: ConnectionState; readonly reason?: ConnectionReason } | undefined {
  // What the set-up found missing is missing until another set-up finds it.
  const endsBySuccess = connection.state === 'degraded' && connection.stateCode !== 'account_limited';
  if (thrown === undefined) return endsBySuccess ? { state: 'healthy' } : undefined;
  const { kind, message } = asFailure(thrown);
  if (kind === 'unauthorised') {
    return { state: 'needs_reconnect', reason: { code: thrown instanceof SecretUnreadable ? 'secret_unreadable' : 'authorisation_refused', message } };
  }
  if (kind === 'forbidden' && connection.stateCode !== 'permission_missing') {
    return { state: 'degraded', reason: { code: 'permission_missing', message } };
  }
  return undefined;
}

const stateRowSchema = z.array(z.object({ state: connectionStateSchema })).max(1);

async function lockState(manager: EntityManager, id: string): Promise<ConnectionState | undefined> {
  const rows: unknown = await manager.query('SELECT state FROM connections.connection WHERE id = $1 FOR NO KEY UPDATE', [id]);
  return stateRowSchema.parse(rows)[0]?.state;
}

async function writeState(manager: EntityManager, id: string, state: ConnectionState, reason: ConnectionReason | undefined): Promise<Date> {
  const [[row]] = await manager.query<[Array<{ since: Date }>, number]>(
    `UPDATE connections.connection SET state = $2, state_code = $3, state_reason = $4,
       state_since = CASE WHEN state = $2 THEN state_since ELSE now() END
     WHERE id = $1 RETURNING state_since AS since`,
    [id, state, reason?.code ?? null, reason?.message ?? null],
  );
  if (!row) throw new Error('A connection vanished while it was locked.');
  return row.since;
}
