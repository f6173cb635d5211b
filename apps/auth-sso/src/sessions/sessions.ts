import type { SessionEndReason } from '@crossdock/contracts';
import { sessionEnded } from '@crossdock/contracts';
import type { EventPublisher } from '@crossdock/event-bus';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { newSecret, type CarriedSecret, type ClaimedSecret } from '../browser/carried-secret.ts';
import { decideRenewal } from './key-renewal.ts';
import { isLive, sessionColumns, sessionRowSchema, type Session, type SessionLimits } from './session.ts';

/** How long an access token of a person lives, in seconds: less than a service's, since it stands in a browser. */
export const personTokenLifetimeSeconds = 300;

const keyRowSchema = z.object({
  host: z.string(), replacedAt: z.date().nullable(), isWithdrawn: z.boolean(), isSuccessorUsed: z.boolean(), successorHash: z.instanceof(Buffer).nullable(),
});

/** What a key that was presented is worth. */
export type PresentedKey =
  | { readonly outcome: 'live'; readonly session: Session; readonly newKey: CarriedSecret | undefined }
  | { readonly outcome: 'reused'; readonly session: Session }
  | { readonly outcome: 'over' };

export interface SessionsOptions {
  readonly publisher: EventPublisher;
  readonly limits: SessionLimits;
  readonly now: () => Date;
}

/** People's sessions and the keys to them. Every method runs in a transaction of the tenant. */
export class Sessions {
  readonly #options: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** Begins a session. Its id and keys are new, so that none that was planted before is worth anything. */
  async begin(manager: EntityManager, of: Omit<Session, 'sessionId' | 'startedAt' | 'lastUsedAt'>): Promise<Session> {
    const now = this.#options.now();
    const session: Session = { ...of, sessionId: uuid(), startedAt: now, lastUsedAt: now };
    await manager.query(
      `INSERT INTO session (session_id, tenant_id, person_id, provider_id, provider_subject, provider_session, device, started_at, last_used_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
      [session.sessionId, session.tenantId, session.personId, session.providerId, session.providerSubject, session.providerSession, session.device, now],
    );
    return session;
  }

  /** A new key to a session for the browser at one host. */
  async giveKey(manager: EntityManager, { sessionId, tenantId }: Session, host: string): Promise<CarriedSecret> {
    const key = newSecret(tenantId);
    await manager.query('INSERT INTO session_key (key_hash, tenant_id, session_id, host, made_at) VALUES ($1, $2, $3, $4, $5)',
      [key.hash, tenantId, sessionId, host, this.#options.now()]);
    return key;
  }

  /** The live session that a key opens at this host; the key stays as it is. Reading counts as use. */
  async open(manager: EntityManager, key: ClaimedSecret, host: string): Promise<Session | undefined> {
    const [row] = await manager.query<unknown[]>(
      `SELECT ${sessionColumns} FROM session WHERE ended_at IS NULL AND session_id = (
         SELECT session_id FROM session_key WHERE key_hash = $1 AND host = $2 AND (replaced_at IS NULL OR replaced_at > $3) AND NOT is_withdrawn)`,
      [key.hash, host, new Date(this.#options.now().getTime() - 10_000)],
    );
    const session = row === undefined ? undefined : sessionRowSchema.parse(row);
    if (!session || !await this.#isStillLive(manager, session)) return undefined;
    await this.#touch(manager, session);
    return session;
  }

  /**
   * Exchanges a key for a new one. Requests with one key come one after another. A key that two parties hold ends the
   * session ({@link decideRenewal}).
   */
  async present(manager: EntityManager, key: ClaimedSecret, host: string): Promise<PresentedKey> {
    const [found] = await manager.query<Array<{ session_id: string }>>('SELECT session_id FROM session_key WHERE key_hash = $1 AND host = $2', [key.hash, host]);
    if (!found) return { outcome: 'over' };
    // The session's row is the lock of all its keys.
    const [row] = await manager.query<unknown[]>(`SELECT ${sessionColumns} FROM session WHERE session_id = $1 AND ended_at IS NULL FOR UPDATE`, [found.session_id]);
    const session = row === undefined ? undefined : sessionRowSchema.parse(row);
    if (!session || !await this.#isStillLive(manager, session)) return { outcome: 'over' };
    const [keyRow] = await manager.query<unknown[]>(
      `SELECT k.host, k.replaced_at AS "replacedAt", k.is_withdrawn AS "isWithdrawn", k.successor_hash AS "successorHash",
         coalesce(s.used_at IS NOT NULL, false) AS "isSuccessorUsed"
       FROM session_key k LEFT JOIN session_key s ON s.key_hash = k.successor_hash WHERE k.key_hash = $1`,
      [key.hash],
    );
    const stored = keyRowSchema.parse(keyRow);
    switch (decideRenewal(stored, this.#options.now())) {
      case 'keep':
        await this.#touch(manager, session);
        return { outcome: 'live', session, newKey: undefined };
      case 'rotate':
        await this.#touch(manager, session);
        return { outcome: 'live', session, newKey: await this.#rotate(manager, session, key.hash, stored) };
      case 'reused':
        await this.end(manager, [session], 'refresh_reused');
        return { outcome: 'reused', session };
    }
  }

  async #rotate(manager: EntityManager, session: Session, hash: Buffer, { host, successorHash }: z.infer<typeof keyRowSchema>): Promise<CarriedSecret> {
    const now = this.#options.now();
    if (successorHash) await manager.query('UPDATE session_key SET is_withdrawn = true WHERE key_hash = $1', [successorHash]);
    const next = await this.giveKey(manager, session, host);
    await manager.query('UPDATE session_key SET used_at = coalesce(used_at, $2), replaced_at = $2, successor_hash = $3 WHERE key_hash = $1', [hash, now, next.hash]);
    return next;
  }

  async #touch(manager: EntityManager, { sessionId }: Session): Promise<void> {
    await manager.query('UPDATE session SET last_used_at = greatest(last_used_at, $2) WHERE session_id = $1', [sessionId, this.#options.now()]);
  }

  async #isStillLive(manager: EntityManager, session: Session): Promise<boolean> {
    if (isLive(session, this.#options.limits, this.#options.now())) return true;
    await this.end(manager, [session], 'expired');
    return false;
  }

  /** The live sessions of a person, the newest first. */
  async listOf(manager: EntityManager, personId: string): Promise<Session[]> {
    return (await this.#select(manager, 'person_id = $1', [personId])).filter((session) => isLive(session, this.#options.limits, this.#options.now()));
  }

  async find(manager: EntityManager, sessionId: string): Promise<Session | undefined> {
    const [session] = await this.#select(manager, 'session_id = $1', [sessionId]);
    return session && isLive(session, this.#options.limits, this.#options.now()) ? session : undefined;
  }

  /** Sessions that a provider means: its one session, or all of an account's. */
  async ofProvider(manager: EntityManager, providerId: string, { sid, sub }: { readonly sid?: string | undefined; readonly sub?: string | undefined }): Promise<Session[]> {
    return this.#select(manager, 'provider_id = $1 AND ($2::text IS NULL OR provider_session = $2) AND ($3::text IS NULL OR provider_subject = $3)', [providerId, sid ?? null, sub ?? null]);
  }

  /** Ends sessions: their keys are worth nothing from this moment, their access tokens as soon as the event is heard. */
  async end(manager: EntityManager, sessions: readonly Session[], reason: SessionEndReason): Promise<void> {
    const now = this.#options.now();
    for (const { sessionId, personId } of sessions) {
      const ended = await manager.query<unknown[]>(
        `WITH over AS (UPDATE session SET ended_at = $2, end_reason = $3 WHERE session_id = $1 AND ended_at IS NULL RETURNING 1) SELECT * FROM over`,
        [sessionId, now, reason],
      );
      if (ended.length === 0) continue;
      await this.#options.publisher.publish(manager, sessionEnded, {
        subject: `session/${sessionId}`,
        data: {
          sessionId, personId, reason, endedAt: now.toISOString(),
          tokensEndAt: new Date(now.getTime() + personTokenLifetimeSeconds * 1_000).toISOString(),
        },
      });
    }
  }

  /** Ends every session of a person. @returns how many there were. */
  async endAllOf(manager: EntityManager, personId: string, reason: SessionEndReason): Promise<number> {
    const sessions = await this.#select(manager, 'person_id = $1', [personId]);
    await this.end(manager, sessions, reason);
    return sessions.length;
  }

  async #select(manager: EntityManager, condition: string, values: readonly unknown[]): Promise<Session[]> {
    const rows = await manager.query<unknown[]>(`SELECT ${sessionColumns} FROM session WHERE ended_at IS NULL AND ${condition} ORDER BY started_at DESC`, [...values]);
    return rows.map((row) => sessionRowSchema.parse(row));
  }
}
