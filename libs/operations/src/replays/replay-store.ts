import { Failure } from '@crossdock/contracts';
import type { ReplayCheckpoint } from '@crossdock/event-bus';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { audit, type AuditEntry } from '../audit/operation-audit.ts';
import type { Actor } from '../operator.ts';
import { replaySchema, type NewReplay, type Replay } from './replay.ts';

const columns = `id, type, from_position AS "from", to_position AS "to", tenant_id AS "tenantId", state, checkpoint, attempt, client,
  on_behalf_of AS "onBehalfOf", reason, error, created_at AS "createdAt", updated_at AS "updatedAt", ended_at AS "endedAt"`;
const leaseSeconds = 15;
const listedRows = 100;
const isToRun = `state IN ('waiting', 'running') AND NOT cancel_requested AND (lease_until IS NULL OR lease_until < now())`;

/** The statements of the replay table; a replay is run by whoever holds its lease. */
export class ReplayStore {
  readonly #database: TenantDatabase;

  constructor(database: TenantDatabase) {
    this.#database = database;
  }

  /** The replay asked for; the one there is where the id was given before. @throws Failure `conflict` where that is another one. */
  start(wanted: NewReplay, actor: Actor): Promise<Replay> {
    const id = wanted.id ?? uuid();
    return this.#database.systemTransaction(async (manager) => {
      const inserted = await manager.query<unknown[]>(
        `INSERT INTO event_replay (id, type, from_position, to_position, tenant_id, client, on_behalf_of, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING 1`,
        [
          id, wanted.type, JSON.stringify(wanted.from), JSON.stringify(wanted.to), wanted.tenantId ?? null,
          actor.client, actor.onBehalfOf ?? null, wanted.reason,
        ],
      );
      const replay = await this.#find(manager, id);
      if (!replay || replay.type !== wanted.type || replay.tenantId !== (wanted.tenantId ?? null)) {
        throw new Failure('conflict', `The id ${id} is that of another replay.`);
      }
      if (inserted.length > 0) await audit(manager, { ...entryOf(replay, actor), action: 'replay.start', reason: wanted.reason, result: 'waiting' });
      return replay;
    });
  }

  find(id: string): Promise<Replay | undefined> {
    return this.#database.systemTransaction((manager) => this.#find(manager, id));
  }

  /** Newest first. */
  async list(): Promise<Replay[]> {
    const rows = await this.#database.systemTransaction((manager) => manager.query<unknown[]>(
      `SELECT ${columns} FROM event_replay ORDER BY created_at DESC, id LIMIT ${listedRows}`));
    return rows.map((row) => replaySchema.parse(row));
  }

  /** Ends a waiting replay at once and a running one after its batch. @returns undefined where there is none that could be ended. */
  cancel(id: string, actor: Actor, reason: string): Promise<Replay | undefined> {
    return this.#act(id, { actor, reason, action: 'replay.cancel' },
      `UPDATE event_replay SET cancel_requested = true, updated_at = now(),
         state = CASE WHEN lease_until > now() THEN state ELSE 'cancelled' END,
         ended_at = CASE WHEN lease_until > now() THEN NULL ELSE now() END
       WHERE id = $1 AND state IN ('waiting', 'running')`);
  }

  /** Lets a failed or cancelled replay go on from its checkpoint. */
  resume(id: string, actor: Actor, reason: string): Promise<Replay | undefined> {
    return this.#act(id, { actor, reason, action: 'replay.resume' },
      `UPDATE event_replay SET state = 'waiting', cancel_requested = false, attempt = 0, error = NULL, ended_at = NULL, updated_at = now()
       WHERE id = $1 AND state IN ('failed', 'cancelled')`);
  }

  /** Takes the next replay that nobody runs. */
  async claim(holder: string): Promise<Replay | undefined> {
    // Mostly there is none, which is known by one message instead of three.
    const waiting = await this.#database.runInSystemScope(`SELECT 1 FROM event_replay WHERE ${isToRun} LIMIT 1`);
    if (waiting.length === 0) return undefined;
    return this.#database.systemTransaction(async (manager) => {
      const [claimed] = await manager.query<[Array<{ id: string }>, number]>(
        `UPDATE event_replay SET state = 'running', attempt = attempt + 1, lease_holder = $1, updated_at = now(),
           lease_until = now() + make_interval(secs => ${leaseSeconds})
         WHERE id = (SELECT id FROM event_replay WHERE ${isToRun}
                     ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING id`,
        [holder],
      );
      const [found] = claimed;
      return found && this.#find(manager, found.id);
    });
  }

  /** Keeps the lease, and the checkpoint where one is given. @returns whether to go on: not where it is cancelled or was taken over. */
  async renew(id: string, holder: string, checkpoint?: ReplayCheckpoint): Promise<'go on' | 'cancelled' | 'lost'> {
    const [rows] = await this.#database.systemTransaction((manager) => manager.query<[Array<{ cancel_requested: boolean }>, number]>(
      `UPDATE event_replay SET checkpoint = coalesce($3, checkpoint), updated_at = now(), lease_until = now() + make_interval(secs => ${leaseSeconds})
       WHERE id = $1 AND state = 'running' AND lease_holder = $2 RETURNING cancel_requested`,
      [id, holder, checkpoint ? JSON.stringify(checkpoint) : null],
    ));
    const [row] = rows;
    if (!row) return 'lost';
    return row.cancel_requested ? 'cancelled' : 'go on';
  }

  /** Ends a replay that `holder` runs. */
  async end(replay: Replay, holder: string, state: 'done' | 'failed' | 'cancelled', detail: string): Promise<void> {
    await this.#database.systemTransaction(async (manager) => {
      const [, ended] = await manager.query<[unknown[], number]>(
        `UPDATE event_replay SET state = $3, error = $4, lease_holder = NULL, lease_until = NULL, updated_at = now(), ended_at = now()
         WHERE id = $1 AND lease_holder = $2`,
        [replay.id, holder, state, state === 'failed' ? detail : null],
      );
      if (ended === 0) return;
      const actor = { client: replay.client, ...(replay.onBehalfOf !== null && { onBehalfOf: replay.onBehalfOf }) };
      await audit(manager, { ...entryOf(replay, actor), action: 'replay.end', reason: replay.reason, result: state, detail });
    });
  }

  /** Gives a replay back, so that it goes on from its checkpoint after a pause. */
  async giveBack(id: string, holder: string, { pauseSeconds, countsAsAttempt, error }: {
    readonly pauseSeconds: number; readonly countsAsAttempt: boolean; readonly error?: string;
  }): Promise<void> {
    await this.#database.systemTransaction((manager) => manager.query(
      `UPDATE event_replay SET lease_holder = NULL, lease_until = now() + make_interval(secs => $3), error = $4, updated_at = now(),
         attempt = attempt - $5
       WHERE id = $1 AND lease_holder = $2`,
      [id, holder, pauseSeconds, error ?? null, countsAsAttempt ? 0 : 1],
    ));
  }

  async #find(manager: EntityManager, id: string): Promise<Replay | undefined> {
    const [row] = await manager.query<unknown[]>(`SELECT ${columns} FROM event_replay WHERE id = $1`, [id]);
    return row === undefined ? undefined : replaySchema.parse(row);
  }

  #act(id: string, entry: Pick<AuditEntry, 'actor' | 'reason' | 'action'>, statement: string): Promise<Replay | undefined> {
    return this.#database.systemTransaction(async (manager) => {
      const [, changed] = await manager.query<[unknown[], number]>(statement, [id]);
      const replay = await this.#find(manager, id);
      if (changed === 0 || !replay) return undefined;
      await audit(manager, { ...entryOf(replay, entry.actor), ...entry, result: replay.state });
      return replay;
    });
  }
}

function entryOf({ id, type, tenantId }: Replay, actor: Actor): Pick<AuditEntry, 'actor' | 'recordKind' | 'recordId' | 'tenantId'> {
  return { actor, recordKind: `replay ${type}`, recordId: id, tenantId: tenantId ?? undefined };
}
