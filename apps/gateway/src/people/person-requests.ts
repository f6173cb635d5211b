import { randomBytes } from 'node:crypto';
import type { VaultKeys } from '@crossdock/connections';
import { parsePhoneNumber, personWanted, type EventData, type personAnswered } from '@crossdock/contracts';
import type { EventPublisher } from '@crossdock/event-bus';
import { keepClues } from '@crossdock/operations';
import { defineTaskKind, type TaskQueue } from '@crossdock/task-queue';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { ExportKeys } from './export-keys.ts';
import { answerRowSchema, nextStep, requestRowSchema, viewRequest, type AnswerRow, type PersonRequestKind, type PersonRequestView, type RequestRow, type WantedPerson } from './person-request.ts';

const columns = `request_id AS id, kind, state, round, requested_by AS "requestedBy", created_at AS "createdAt", ended_at AS "endedAt", file_expires_at AS "fileExpiresAt"`;
const sealedRowSchema = z.object({ keyId: z.string(), nonce: z.instanceof(Buffer), ciphertext: z.instanceof(Buffer) });
const partsSchema = z.array(z.object({ service: z.string(), sealed: z.string() }));
const openSchema = z.array(z.object({ quietForMs: z.coerce.number() }));

/** Looks once more after a while in which an erasure found nothing. */
export const lookAgainTask = defineTaskKind({ kind: 'people.look-again', schema: z.object({ requestId: z.uuid() }), timeoutMs: 60_000 });

/** How long the file of an export can be downloaded. */
const fileHours = 24;

export interface PersonRequestsParts {
  readonly database: TenantDatabase;
  readonly publisher: EventPublisher;
  readonly queue: TaskQueue;
  readonly vaultKeys: VaultKeys;
  /** For how long an erasure must find nothing before it is done. */
  readonly quietMs: number;
}

/**
 * Requests about one person, from their beginning to the answer of the last service. Their state stands in the schema `privacy`: a process that dies leaves
 * it to the next, and an answer that comes twice counts once.
 */
export class PersonRequests {
  readonly #database: TenantDatabase;
  readonly #publisher: EventPublisher;
  readonly #queue: TaskQueue;
  readonly #keys: ExportKeys;
  readonly #quietMs: number;

  constructor({ database, publisher, queue, vaultKeys, quietMs }: PersonRequestsParts) {
    this.#database = database;
    this.#publisher = publisher;
    this.#queue = queue;
    this.#keys = new ExportKeys(vaultKeys);
    this.#quietMs = quietMs;
  }

  /** Begins a request: all services hear of it once this has committed. */
  async begin(tenantId: string, kind: PersonRequestKind, { email, phone, contact }: WantedPerson, requestedBy: string): Promise<PersonRequestView> {
    const requestId = uuid();
    const keys = kind === 'export' ? await this.#keys.make(tenantId, requestId) : undefined;
    return this.#database.transaction(tenantId, async (manager) => {
      await manager.query(
        `INSERT INTO privacy.person_request (request_id, tenant_id, kind, requested_by, salt, public_key, vault_key_id, nonce, sealed_private_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [requestId, tenantId, kind, requestedBy, randomBytes(32), keys && JSON.stringify(keys.publicKey), keys?.sealed.keyId, keys?.sealed.nonce, keys?.sealed.ciphertext]);
      const number = phone === undefined ? undefined : parsePhoneNumber(phone);
      await keepClues(manager, { tenantId, requestId }, {
        emails: email === undefined ? [] : [email.toLowerCase()], phones: number === undefined ? [] : [number], names: [],
        contacts: contact === undefined ? [] : [`${contact.connectionId}/${contact.externalId}`],
      });
      await this.#say(manager, { requestId, kind, round: 1 });
      return this.#require(manager, requestId);
    });
  }

  find(tenantId: string, requestId: string): Promise<PersonRequestView | undefined> {
    return this.#database.transaction(tenantId, async (manager) => {
      const row = await findRow(manager, requestId);
      return row && viewRequest(row, await answersOf(manager, requestId));
    });
  }

  /** Newest first. @param before the id of the last one seen */
  list(tenantId: string, { limit, before }: { readonly limit: number; readonly before: string | undefined }): Promise<RequestRow[]> {
    return this.#database.transaction(tenantId, async (manager) => z.array(requestRowSchema).parse(await manager.query(
      `SELECT ${columns} FROM privacy.person_request WHERE $1::uuid IS NULL OR request_id < $1 ORDER BY request_id DESC LIMIT $2`, [before ?? null, limit])));
  }

  /** The lines of an export, each with its service; undefined where there is no such file, or none any more. */
  async read(tenantId: string, requestId: string): Promise<string[] | undefined> {
    const stored = await this.#database.transaction(tenantId, async (manager) => {
      const [row] = await manager.query<unknown[]>(
        `SELECT vault_key_id AS "keyId", nonce, sealed_private_key AS ciphertext FROM privacy.person_request WHERE request_id = $1 AND state = 'done' AND file_expires_at > now()`, [requestId]);
      if (row === undefined) return undefined;
      return { sealed: sealedRowSchema.parse(row), parts: partsSchema.parse(await manager.query('SELECT service, sealed FROM privacy.person_export_part WHERE request_id = $1 ORDER BY service', [requestId])) };
    });
    if (!stored) return undefined;
    const open = await this.#keys.opener(tenantId, requestId, stored.sealed);
    const lines: string[] = [];
    for (const { service, sealed } of stored.parts) {
      const text = await open(sealed);
      if (text !== '') lines.push(...text.split('\n').map((line) => line.replace(/^\{/, `{"service":${JSON.stringify(service)},`)));
    }
    return lines;
  }

  /** A service has answered: the next round begins, or the request ends, once all have. */
  async take(manager: EntityManager, tenantId: string, { requestId, round, service, found, learned, answeredAt }: EventData<typeof personAnswered>): Promise<boolean> {
    const kept = await manager.query<unknown[]>(
      `INSERT INTO privacy.person_answer (request_id, tenant_id, round, service, found, learned, answered_at)
       SELECT request_id, tenant_id, $2, $3, $4, $5, $6 FROM privacy.person_request WHERE request_id = $1 AND tenant_id = $7
       ON CONFLICT DO NOTHING RETURNING service`, [requestId, round, service, JSON.stringify(found), learned, answeredAt, tenantId]);
    if (kept.length === 0) return false;
    await this.#advance(manager, requestId);
    return true;
  }

  /** Goes on with a request as far as its answers allow, in the caller's tenant transaction. */
  async #advance(manager: EntityManager, requestId: string): Promise<void> {
    const [open] = openSchema.parse(await manager.query(
      `SELECT extract(epoch FROM clock_timestamp() - found_at) * 1000 AS "quietForMs" FROM privacy.person_request WHERE request_id = $1 AND state = 'running' FOR UPDATE`, [requestId]));
    const row = open && await findRow(manager, requestId);
    if (!open || !row) return;
    const step = nextStep(row.kind, row.round, await answersOf(manager, requestId), { sinceMs: open.quietForMs, wantedMs: this.#quietMs });
    if (step === 'again') await this.#nextRound(manager, row, true);
    if (step === 'later') {
      await this.#queue.enqueue(manager, lookAgainTask, {
        recordKey: `person-request/${requestId}/look-again`, groupKey: 'people', payload: { requestId }, notBefore: new Date(Date.now() + this.#quietMs - open.quietForMs),
      });
    }
    if (step === 'done' || step === 'unfinished') await this.#end(manager, row, step);
  }

  /** Begins another round of an erasure whose last one found nothing, to see that nothing came after; a repeat finds that round begun. */
  async lookAgain(manager: EntityManager, requestId: string): Promise<void> {
    const row = await lockOpen(manager, requestId);
    if (row && viewRequest(row, await answersOf(manager, requestId)).missing.length === 0) await this.#nextRound(manager, row, false);
  }

  /** Says a round again that not all services have answered. */
  async sayAgain(manager: EntityManager, requestId: string): Promise<void> {
    const row = await lockOpen(manager, requestId);
    if (!row || viewRequest(row, await answersOf(manager, requestId)).missing.length === 0) return;
    await manager.query('UPDATE privacy.person_request SET said_at = now() WHERE request_id = $1', [requestId]);
    await this.#say(manager, { requestId, kind: row.kind, round: row.round });
  }

  /** What is left of an export is that it was made. */
  async forgetFile(manager: EntityManager, requestId: string): Promise<void> {
    await manager.query('DELETE FROM privacy.person_export_part WHERE request_id = $1', [requestId]);
    await manager.query('UPDATE privacy.person_request SET file_expires_at = NULL, sealed_private_key = NULL, nonce = NULL, vault_key_id = NULL WHERE request_id = $1', [requestId]);
  }

  async #nextRound(manager: EntityManager, { id, kind, round }: RequestRow, hasFound: boolean): Promise<void> {
    await manager.query(
      `UPDATE privacy.person_request SET round = $2, said_at = now(), found_at = CASE WHEN $3 THEN clock_timestamp() ELSE found_at END WHERE request_id = $1`, [id, round + 1, hasFound]);
    await this.#say(manager, { requestId: id, kind, round: round + 1 });
  }

  /** What the person was known by is forgotten with the end, and so is the way from a pseudonym back. */
  async #end(manager: EntityManager, { id, kind }: RequestRow, state: 'done' | 'unfinished'): Promise<void> {
    await manager.query('DELETE FROM privacy.person_clue WHERE request_id = $1', [id]);
    await manager.query(
      `UPDATE privacy.person_request SET state = $2, ended_at = now(), salt = NULL, file_expires_at = CASE WHEN $3 THEN now() + make_interval(hours => $4) END WHERE request_id = $1`,
      [id, state, kind === 'export', fileHours]);
  }

  async #say(manager: EntityManager, data: EventData<typeof personWanted>): Promise<void> {
    await this.#publisher.publish(manager, personWanted, { subject: `person-request/${data.requestId}`, data });
  }

  async #require(manager: EntityManager, requestId: string): Promise<PersonRequestView> {
    const row = await findRow(manager, requestId);
    if (!row) throw new Error(`The request ${requestId} about a person is gone.`);
    return viewRequest(row, await answersOf(manager, requestId));
  }
}

async function lockOpen(manager: EntityManager, requestId: string): Promise<RequestRow | undefined> {
  const [row] = await manager.query<unknown[]>(`SELECT ${columns} FROM privacy.person_request WHERE request_id = $1 AND state = 'running' FOR UPDATE`, [requestId]);
  return row === undefined ? undefined : requestRowSchema.parse(row);
}

async function findRow(manager: EntityManager, requestId: string): Promise<RequestRow | undefined> {
  const [row] = await manager.query<unknown[]>(`SELECT ${columns} FROM privacy.person_request WHERE request_id = $1`, [requestId]);
  return row === undefined ? undefined : requestRowSchema.parse(row);
}

async function answersOf(manager: EntityManager, requestId: string): Promise<AnswerRow[]> {
  return z.array(answerRowSchema).parse(await manager.query('SELECT round, service, found, learned FROM privacy.person_answer WHERE request_id = $1', [requestId]));
}
