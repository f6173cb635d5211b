import { Failure, type Vendor } from '@crossdock/contracts';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { connectionSchema, type Connection, type ConnectionState, type NewConnection } from './connection.ts';

const columns = `id, tenant_id AS "tenantId", vendor, account_id AS "accountId", settings, state,
  state_reason AS "stateReason", state_since AS "stateSince"`;

/** Reads and writes connections. Every service may ask; who a connection belongs to is held by row-level security. */
export class ConnectionStore {
  readonly #database: TenantDatabase;

  constructor(database: TenantDatabase) {
    this.#database = database;
  }

  /**
   * Makes a connection in the caller's tenant transaction.
   * @throws Failure `conflict` where the vendor account is connected already, here or at another tenant.
   */
  async create(manager: EntityManager, connection: NewConnection): Promise<Connection> {
    const { id = uuid(), tenantId, vendor, accountId, settings = {}, state = 'connecting' } = connection;
    const [created] = parseRows(await manager.query(
      `INSERT INTO connections.connection (id, tenant_id, vendor, account_id, settings, state)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING ${columns}`,
      [id, tenantId, vendor, accountId, JSON.stringify(settings), state],
    ));
    if (!created) throw new Failure('conflict', `This ${vendor} account is already connected; disconnect it first.`);
    return created;
  }

  /** A tenant's connection, or undefined where the tenant has none with this id. */
  find(tenantId: string, id: string): Promise<Connection | undefined> {
    return this.#database.transaction(tenantId, (manager) => this.findWithin(manager, id));
  }

  /** The same inside a tenant transaction that is already running. */
  async findWithin(manager: EntityManager, id: string): Promise<Connection | undefined> {
    const [found] = parseRows(await manager.query(`SELECT ${columns} FROM connections.connection WHERE id = $1`, [id]));
    return found;
  }

  /** Whose connection a webhook names, before its tenant is known. Disconnected ones are not found. */
  findForIngest(id: string): Promise<Connection | undefined> {
    return this.#findAcrossTenants('id = $1', [id]);
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
    return this.#database.transaction(tenantId, async (manager) =>
      parseRows(await manager.query(`SELECT ${columns} FROM connections.connection ORDER BY created_at, id`)));
  }

  /**
   * Moves a connection to a state in a tenant transaction; the same state again only renews the reason.
   * @returns whether the connection exists and its state is another now.
   */
  async setState(manager: EntityManager, id: string, state: ConnectionState, reason?: string): Promise<boolean> {
    const before = await this.#lockState(manager, id);
    if (before === undefined) return false;
    await manager.query(
      `UPDATE connections.connection SET state = $2, state_reason = $3,
         state_since = CASE WHEN state = $2 THEN state_since ELSE now() END
       WHERE id = $1`,
      [id, state, reason ?? null],
    );
    return before !== state;
  }

  async #lockState(manager: EntityManager, id: string): Promise<string | undefined> {
    const [row] = await manager.query<Array<{ state: string }>>(
      'SELECT state FROM connections.connection WHERE id = $1 FOR UPDATE', [id],
    );
    return row?.state;
  }

  #findAcrossTenants(condition: string, values: readonly string[]): Promise<Connection | undefined> {
    return this.#database.systemTransaction(async (manager) => {
      const [found] = parseRows(await manager.query(
        `SELECT ${columns} FROM connections.connection WHERE ${condition} AND state <> 'disconnected'`, [...values],
      ));
      return found;
    });
  }
}

/** A column that is null in a row is absent in the record. */
const rowsSchema = z.array(connectionSchema.extend({ stateReason: z.string().nullable() }).transform(
  ({ stateReason, ...rest }): Connection => (stateReason === null ? rest : { ...rest, stateReason }),
));

function parseRows(rows: unknown): Connection[] {
  return rowsSchema.parse(rows);
}
