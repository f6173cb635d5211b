import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { newSecret, type CarriedSecret } from '../browser/carried-secret.ts';

/** A person has this long to sign on at a provider. */
export const signOnMs = 10 * 60_000;
/** What is over is kept for an hour, so that who comes late reads why. */
const keptMs = 60 * 60_000;
/** A browser that begins this often within the time is sent in a circle. */
const circleMs = 60_000;
const circleCount = 6;

const rowSchema = z.object({
  requestHash: z.instanceof(Buffer), tenantId: z.uuid(), host: z.string(), returnPath: z.string(), browserHash: z.instanceof(Buffer),
  linkSessionId: z.uuid().nullable(), madeAt: z.date(),
});

/** That somebody at an application wants to sign on: where from, where to afterwards, in which browser. */
export type SignOnRequest = z.infer<typeof rowSchema>;

/** Requests for a sign-on. Every function runs in a transaction of the tenant. */
export const signOnRequests = {
  async make(manager: EntityManager, request: Omit<SignOnRequest, 'requestHash'>): Promise<CarriedSecret> {
    const secret = newSecret(request.tenantId);
    await manager.query('DELETE FROM sign_on_request WHERE made_at < $1', [new Date(request.madeAt.getTime() - keptMs)]);
    await manager.query(
      'INSERT INTO sign_on_request (request_hash, tenant_id, host, return_path, browser_hash, link_session_id, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)',
      [secret.hash, request.tenantId, request.host, request.returnPath, request.browserHash, request.linkSessionId, request.madeAt],
    );
    return secret;
  },

  /** Whether a browser begins at a host again and again, as when an application does not see that the person is signed on. */
  async isInCircle(manager: EntityManager, host: string, browserHash: Buffer, now: Date): Promise<boolean> {
    const begun = await manager.query<unknown[]>(
      'SELECT 1 FROM sign_on_request WHERE browser_hash = $1 AND host = $2 AND made_at > $3 LIMIT $4',
      [browserHash, host, new Date(now.getTime() - circleMs), circleCount],
    );
    return begun.length >= circleCount;
  },

  /** @returns undefined where there is none, or its time is over. */
  async find(manager: EntityManager, requestHash: Buffer, now: Date): Promise<SignOnRequest | undefined> {
    const [row] = await manager.query<unknown[]>(
      `SELECT request_hash AS "requestHash", tenant_id AS "tenantId", host, return_path AS "returnPath", browser_hash AS "browserHash",
         link_session_id AS "linkSessionId", made_at AS "madeAt"
       FROM sign_on_request WHERE request_hash = $1 AND made_at > $2`,
      [requestHash, new Date(now.getTime() - signOnMs)],
    );
    return row === undefined ? undefined : rowSchema.parse(row);
  },
};
