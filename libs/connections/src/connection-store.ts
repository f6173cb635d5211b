import { Failure, type Vendor } from '@crossdock/contracts';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import type { Grant } from './authorisation/vendor-authorisation.ts';
import type { Connection, NewConnection } from './connection.ts';
import { connectionColumns, parseConnections, type SealedConnection } from './connection-row.ts';
import { SecretUnreadable, type CredentialVault } from './vault/credential-vault.ts';

/** The vault's name for the address of a tenant's own. */
const endpointField = 'endpoint';

const fromConnections = `FROM connections.connection
  LEFT JOIN connections.credential AS address ON address.connection_id = connection.id AND address.field = '${endpointField}'`;

/**
 * Reads and writes connections. Every service may ask; who a connection belongs to is held by row-level security. Without
 * a vault the tenants' own addresses stay sealed: that is for those who only ask whose a connection is.
 */
export class ConnectionStore {
  readonly #database: TenantDatabase;
  readonly #vault: CredentialVault | undefined;

  constructor(database: TenantDatabase, vault?: CredentialVault) {
    this.#database = database;
    this.#vault = vault;
  }

  /**
   * Makes a connection in the caller's tenant transaction.
   * @throws Failure `conflict` where the vendor account is connected already, here or at another tenant.
   */
  async create(manager: EntityManager, connection: NewConnection): Promise<Connection> {
    const { id = uuid(), tenantId, vendor, accountId, accountName, settings = {}, endpoint, state = 'connecting' } = connection;
    const inserted = await manager.query<unknown[]>(
      `INSERT INTO connections.connection (id, tenant_id, vendor, account_id, account_name, settings, state)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id`,
      [id, tenantId, vendor, accountId, accountName ?? null, JSON.stringify(settings), state],
    );
    if (inserted.length === 0) throw new Failure('conflict', `This ${vendor} account is already connected; disconnect it first.`);
    if (endpoint !== undefined) await this.#requireVault().put(manager, { id, tenantId }, endpointField, endpoint);
    return this.#require(manager, id);
  }

  /** Takes over what a renewed authorisation of the same account brought. Settings that it does not name stay. */
  async reauthorise(manager: EntityManager, owner: Pick<Connection, 'id' | 'tenantId'>, { accountName, settings, endpoint }: Grant): Promise<Connection> {
    await manager.query(
      `UPDATE connections.connection SET account_name = coalesce($2, account_name), settings = settings || $3::jsonb WHERE id = $1`,
      [owner.id, accountName ?? null, JSON.stringify(settings)],
    );
    if (endpoint !== undefined) await this.#requireVault().put(manager, owner, endpointField, endpoint);
    return this.#require(manager, owner.id);
  }

  /** A tenant's connection, or undefined where the tenant has none with this id. */
  find(tenantId: string, id: string): Promise<Connection | undefined> {
    return this.#database.transaction(tenantId, (manager) => this.findWithin(manager, id));
  }

  /** The same inside a tenant transaction that is already running. */
  async findWithin(manager: EntityManager, id: string): Promise<Connection | undefined> {
    const [found] = await this.#select(manager, 'connection.id = $1', [id]);
    return found;
  }

  /** The tenant's connection to an account, unless it was disconnected. */
  async findAccountWithin(manager: EntityManager, vendor: Vendor, accountId: string): Promise<Connection | undefined> {
    const [found] = await this.#select(manager, `vendor = $1 AND account_id = $2 AND state <> 'disconnected'`, [vendor, accountId]);
    return found;
  }

  /** Whose connection a webhook names, before its tenant is known. Disconnected ones are not found. */
  findForIngest(id: string): Promise<Connection | undefined> {
    return this.#findAcrossTenants('connection.id = $1', [id]);
  }

  /** Which connection a vendor's account belongs to, before its tenant is known. Disconnected ones are not found. */
  findByAccount(vendor: Vendor, accountId: string): Promise<Connection | undefined> {
    return this.#findAcrossTenants('vendor = $1 AND account_id = $2', [vendor, accountId]);
  }

  /** The tenants that have accounts of this vendor connected. */
  tenantsOf(vendor: Vendor): Promise<string[]> {
    return this.#database.systemTransaction(async (manager) => {
      const rows = await manager.query<Array<{ tenantId: string }>>(
        `SELECT DISTINCT tenant_id AS "tenantId" FROM connections.connection WHERE vendor = $1 AND state <> 'disconnected'`, [vendor]);
      return rows.map(({ tenantId }) => tenantId);
    });
  }

  /** All connections of a tenant, oldest first. */
  list(tenantId: string): Promise<Connection[]> {
    return this.#database.transaction(tenantId, (manager) => this.listWithin(manager));
  }

  /** The same inside a tenant transaction that is already running. */
  listWithin(manager: EntityManager): Promise<Connection[]> {
    return this.#select(manager, 'true ORDER BY connection.created_at, connection.id', []);
  }

  /** Row-level security closes the vault's rows to this scope: no address is opened here. */
  #findAcrossTenants(condition: string, values: readonly string[]): Promise<Connection | undefined> {
    return this.#database.systemTransaction(async (manager) => {
      const [found] = await this.#select(manager, `${condition} AND state <> 'disconnected'`, values);
      return found;
    });
  }

  async #require(manager: EntityManager, id: string): Promise<Connection> {
    const found = await this.findWithin(manager, id);
    if (!found) throw new Failure('not_found', `The tenant has no connection ${id}.`);
    return found;
  }

  async #select(manager: EntityManager, condition: string, values: readonly string[]): Promise<Connection[]> {
    const found: Connection[] = [];
    for (const sealed of await this.#selectSealed(manager, condition, values)) found.push(await this.#withEndpoint(manager, sealed));
    return found;
  }

  async #selectSealed(manager: EntityManager, condition: string, values: readonly string[]): Promise<SealedConnection[]> {
    return parseConnections(await manager.query<unknown[]>(`SELECT ${connectionColumns} ${fromConnections} WHERE ${condition}`, [...values]));
  }

  /** An address that does not open is absent: who needs it says that the account must be connected again. */
  async #withEndpoint(manager: EntityManager, { connection, sealedEndpoint }: SealedConnection): Promise<Connection> {
    if (!sealedEndpoint || !this.#vault) return connection;
    try {
      const endpoint = await this.#vault.open(manager, connection, { ...sealedEndpoint, field: endpointField, expiresAt: null });
      return { ...connection, endpoint };
    } catch (thrown) {
      if (thrown instanceof SecretUnreadable) return connection;
      throw thrown;
    }
  }

  #requireVault(): CredentialVault {
    if (!this.#vault) throw new Error('Whoever connects accounts needs the vault.');
    return this.#vault;
  }
}
