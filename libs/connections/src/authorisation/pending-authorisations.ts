import { Failure, vendorSchema } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { DataKeys } from '../vault/data-keys.ts';
import { openSecret, sealSecret, type SealedSecret, type SecretPlace } from '../vault/secret-sealing.ts';

const detailsSchema = z.object({
  codeVerifier: z.string(),
  settings: z.record(z.string(), z.unknown()),
  /** A path of the installation's own that the person goes to in the end. */
  returnTo: z.string().optional(),
  /** Keys that the vendor's server has sent, before the person's browser came back. */
  delivered: z.object({ credentials: z.record(z.string(), z.string()), grantedScopes: z.array(z.string()) }).optional(),
});

const rowSchema = z.object({
  id: z.uuid(),
  tenantId: z.uuid(),
  vendor: vendorSchema,
  /** The connection that is connected again, or the id that a new one will have. */
  connectionId: z.uuid(),
  startedBy: z.string(),
  isBoundToBrowser: z.boolean(),
  isExpired: z.boolean(),
  isUsed: z.boolean(),
});

/** An authorisation that a person has begun and not ended. */
export type PendingAuthorisation = z.infer<typeof rowSchema>;
/** What of it is sealed: the PKCE verifier, settings that may name the tenant's own addresses, and keys that were sent. */
export type AuthorisationDetails = z.infer<typeof detailsSchema>;

const columns = `id, tenant_id AS "tenantId", vendor, connection_id AS "connectionId", started_by AS "startedBy",
  browser_hash IS NOT NULL AS "isBoundToBrowser", expires_at <= now() AS "isExpired", used_at IS NOT NULL AS "isUsed"`;

/** How long a person has for the vendor's pages. */
const authorisationMinutes = 10;

/** The table of authorisations under way. `find…` and what follows it run in one system transaction: the tenant is not known before. */
export class PendingAuthorisations {
  readonly #keys: DataKeys;

  constructor(keys: DataKeys) {
    this.#keys = keys;
  }

  /** Writes one down, in a transaction of its tenant. */
  async add(
    manager: EntityManager, begun: Pick<PendingAuthorisation, 'id' | 'tenantId' | 'vendor' | 'connectionId' | 'startedBy'>, details: AuthorisationDetails,
  ): Promise<void> {
    const keys = await this.#keys.current(manager, begun.tenantId);
    const sealed = sealSecret(keys, JSON.stringify(details), placeOf(begun));
    await manager.query(
      `INSERT INTO connections.authorisation (id, tenant_id, vendor, connection_id, started_by, data_key_id, nonce, ciphertext, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(mins => $9))`,
      [begun.id, begun.tenantId, begun.vendor, begun.connectionId, begun.startedBy, sealed.keyId, sealed.nonce, sealed.ciphertext, authorisationMinutes],
    );
  }

  /** Seals its details anew, in a transaction that holds it locked. */
  async changeDetails(manager: EntityManager, pending: PendingAuthorisation, details: AuthorisationDetails): Promise<void> {
    const keys = await this.#keys.current(manager, pending.tenantId);
    const { keyId, nonce, ciphertext } = sealSecret(keys, JSON.stringify(details), placeOf(pending));
    await manager.query('UPDATE connections.authorisation SET data_key_id = $2, nonce = $3, ciphertext = $4 WHERE id = $1', [pending.id, keyId, nonce, ciphertext]);
  }

  findById(manager: EntityManager, id: string): Promise<PendingAuthorisation | undefined> {
    return this.#find(manager, 'id = $1', id);
  }

  findByState(manager: EntityManager, stateHash: Buffer): Promise<PendingAuthorisation | undefined> {
    return this.#find(manager, 'state_hash = $1', stateHash);
  }

  /** Whether the browser that comes is the one that began. */
  async isSameBrowser(manager: EntityManager, { id }: PendingAuthorisation, browserHash: Buffer): Promise<boolean> {
    const rows = await manager.query<unknown[]>('SELECT 1 FROM connections.authorisation WHERE id = $1 AND browser_hash = $2', [id, browserHash]);
    return rows.length === 1;
  }

  /** Binds it to a browser and to the state that the vendor will bring back; one that was given before ends. */
  async bind(manager: EntityManager, { id }: PendingAuthorisation, hashes: { readonly state: Buffer; readonly browser: Buffer }): Promise<void> {
    await manager.query('UPDATE connections.authorisation SET state_hash = $2, browser_hash = $3 WHERE id = $1', [id, hashes.state, hashes.browser]);
  }

  /** Uses it up. What is sealed of it goes with that. @returns false where somebody else was quicker. */
  async use(manager: EntityManager, { id }: PendingAuthorisation): Promise<boolean> {
    const [, used] = await manager.query<[unknown[], number]>(
      'UPDATE connections.authorisation SET used_at = now() WHERE id = $1 AND used_at IS NULL AND expires_at > now()', [id]);
    return used === 1;
  }

  /** @throws Failure where the vault does not open it any more. */
  async details(manager: EntityManager, pending: PendingAuthorisation): Promise<AuthorisationDetails> {
    const [sealed] = await manager.query<SealedSecret[]>(
      'SELECT data_key_id AS "keyId", nonce, ciphertext FROM connections.authorisation WHERE id = $1', [pending.id]);
    if (!sealed) throw new Failure('not_found', 'The authorisation is gone.');
    const keys = await this.#keys.find(manager, pending.tenantId, sealed.keyId);
    return detailsSchema.parse(JSON.parse(openSecret(keys, sealed, placeOf(pending))));
  }

  /** What `Authorisations.removeOld` promises, in a transaction of the system scope. */
  async removeOld(manager: EntityManager): Promise<void> {
    await manager.query(`DELETE FROM connections.authorisation WHERE expires_at < now() - interval '1 day'`);
  }

  async #find(manager: EntityManager, condition: string, value: string | Buffer): Promise<PendingAuthorisation | undefined> {
    const rows: unknown = await manager.query(`SELECT ${columns} FROM connections.authorisation WHERE ${condition} FOR UPDATE`, [value]);
    return z.array(rowSchema).parse(rows)[0];
  }
}

function placeOf({ tenantId, id }: Pick<PendingAuthorisation, 'tenantId' | 'id'>): SecretPlace {
  return [tenantId, 'authorisation', id];
}
