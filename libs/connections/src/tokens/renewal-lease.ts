import type { TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { v4 as uuid } from 'uuid';
import type { Connection } from '../connection.ts';

/** The right to renew a connection's tokens, held by one process at a time. */
export interface HeldLease {
  readonly holder: string;
  /**
   * An earlier renewal was cut off and nobody knows its end: the vendor may have exchanged the refresh token for one
   * that never arrived.
   */
  readonly followsLostOne: boolean;
}

type Subject = Pick<Connection, 'id' | 'tenantId'>;

/**
 * Keeps renewals of one connection to one at a time over all processes. The lease is a note as well, written and committed
 * before the vendor is called: a process that dies in between leaves it behind, and the next one knows.
 *
 * The lease lasts longer than a renewal may take. Should a process be frozen for longer, two renewals may meet; what each
 * of them writes is held to the refresh token that it used (see `RenewalSettlement`), so that neither spoils the other's.
 */
export class RenewalLease {
  readonly #database: TenantDatabase;
  readonly #leaseMs: number;

  constructor(database: TenantDatabase, leaseMs: number) {
    this.#database = database;
    this.#leaseMs = leaseMs;
  }

  /** @returns undefined while another process renews, and where the connection is not there. */
  take(connection: Subject): Promise<HeldLease | undefined> {
    const holder = uuid();
    return this.#database.transaction(connection.tenantId, async (manager) => {
      const [[row]] = await manager.query<[Array<{ unsettled: boolean }>, number]>(
        `UPDATE connections.connection SET renewal_holder = $2, renewal_until = now() + make_interval(secs => $3),
           renewal_unsettled = renewal_unsettled OR renewal_holder IS NOT NULL
         WHERE id = $1 AND (renewal_holder IS NULL OR renewal_until < now()) RETURNING renewal_unsettled AS unsettled`,
        [connection.id, holder, this.#leaseMs / 1_000],
      );
      return row && { holder, followsLostOne: row.unsettled };
    });
  }
}

/** Ends a renewal, in the transaction that keeps what came of it. `isSettled` says that its end is known. */
export async function endRenewal(manager: EntityManager, connection: Subject, { holder }: HeldLease, isSettled: boolean): Promise<void> {
  await manager.query(
    `UPDATE connections.connection SET renewal_holder = NULL, renewal_until = NULL, renewal_unsettled = NOT $3
     WHERE id = $1 AND renewal_holder = $2`,
    [connection.id, holder, isSettled],
  );
}
