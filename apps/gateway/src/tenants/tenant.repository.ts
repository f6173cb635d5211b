import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { tenantStandingChanged, type TenantState } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { tenantSchema, tenantSteps, type Tenant } from './tenant.ts';

const columns = `tenant_id AS id, slug, name, state, version, created_at AS "createdAt", changed_at AS "changedAt", erase_at AS "eraseAt"`;
const rowsSchema = z.array(tenantSchema);
const nameRowsSchema = z.array(tenantSchema.pick({ id: true, name: true }));

/** A step of a tenant's life; `retentionDays` is how long a deleted one is kept. */
export type TenantStep = { readonly state: 'active' | 'suspended' } | { readonly state: 'deleted'; readonly retentionDays: number };

@Injectable()
export class TenantRepository {
  constructor(private readonly database: TenantDatabase, private readonly publisher: EventPublisher) {}

  /** @returns undefined where the slug is taken. */
  async create({ slug, name }: Pick<Tenant, 'slug' | 'name'>): Promise<Tenant | undefined> {
    const id = uuid();
    // Whether a slug is taken can only be seen across tenants.
    return this.database.systemTransaction(async (manager) => {
      const [created] = rowsSchema.parse(await manager.query(
        `INSERT INTO tenant (tenant_id, slug, name) VALUES ($1, $2, $3) ON CONFLICT (slug) DO NOTHING RETURNING ${columns}`,
        [id, slug, name],
      ));
      return created && this.#tell(manager, created);
    });
  }

  async find(id: string): Promise<Tenant | undefined> {
    const [found] = rowsSchema.parse(await this.database.transaction(id, (manager) =>
      manager.query(`SELECT ${columns} FROM tenant WHERE tenant_id = $1`, [id])));
    return found;
  }

  /**
   * Newest first: those in one state, and those with a text in their name or slug or as their id, where these are given; `before` is the id of the last one seen. What is searched for is
   * found by reading the table: of a hundred thousand tenants some tens of milliseconds.
   */
  async list({ state, search, limit, before }: {
    readonly state?: TenantState | undefined; readonly search?: string | undefined; readonly limit: number; readonly before?: string | undefined;
  }): Promise<Tenant[]> {
    return rowsSchema.parse(await this.database.systemTransaction((manager) => manager.query(
      `SELECT ${columns} FROM tenant
       WHERE ($1::text IS NULL OR state = $1) AND ($2::uuid IS NULL OR tenant_id < $2)
         AND ($3::text IS NULL OR strpos(lower(name), lower($3)) > 0 OR strpos(slug, lower($3)) > 0 OR tenant_id::text = lower($3))
       ORDER BY tenant_id DESC LIMIT $4`,
      [state ?? null, before ?? null, search ?? null, limit],
    )));
  }

  /** What tenants are called, by their ids. */
  async names(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = nameRowsSchema.parse(await this.database.systemTransaction((manager) => manager.query('SELECT tenant_id AS id, name FROM tenant WHERE tenant_id = ANY ($1)', [ids])));
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  /** Takes a step, and tells every service of it; a repeat changes nothing. @returns undefined where the step cannot be taken from the present state. */
  async step(id: string, step: TenantStep): Promise<Tenant | undefined> {
    return this.database.transaction(id, async (manager) => {
      const [present] = rowsSchema.parse(await manager.query(`SELECT ${columns} FROM tenant WHERE tenant_id = $1 FOR UPDATE`, [id]));
      if (!present || !tenantSteps[step.state].includes(present.state)) return undefined;
      if (present.state === step.state) return present;
      return this.#change(manager, id, step.state, step.state === 'deleted' ? step.retentionDays : null);
    });
  }

  /** Erases those whose retention time is over, some at a time: what is left of each is that it was. @returns how many. */
  async eraseDue(most: number): Promise<number> {
    const due = await this.database.systemTransaction((manager) => manager.query<Array<{ readonly id: string }>>(
      `SELECT tenant_id AS id FROM tenant WHERE state = 'deleted' AND erase_at <= now() ORDER BY erase_at LIMIT $1`, [most]));
    for (const { id } of due) {
      await this.database.transaction(id, async (manager) => {
        await manager.query(`UPDATE tenant SET name = 'erased', slug = 'erased-' || tenant_id WHERE tenant_id = $1`, [id]);
        await this.#change(manager, id, 'erased', null);
      });
    }
    return due.length;
  }

  async #change(manager: EntityManager, id: string, state: TenantState, retentionDays: number | null): Promise<Tenant | undefined> {
    const [rows] = await manager.query<[unknown[], number]>(
      `UPDATE tenant SET state = $2, version = version + 1, changed_at = now(), erase_at = now() + make_interval(days => $3::int)
       WHERE tenant_id = $1 AND state <> 'erased' RETURNING ${columns}`,
      [id, state, retentionDays],
    );
    const [changed] = rowsSchema.parse(rows);
    return changed && this.#tell(manager, changed);
  }

  async #tell(manager: EntityManager, tenant: Tenant): Promise<Tenant> {
    const { id, state, version, changedAt } = tenant;
    await tenantContext.run({ tenantId: id, correlationId: randomUUID() }, () =>
      this.publisher.publish(manager, tenantStandingChanged, { subject: `tenant/${id}`, data: { state, version, changedAt } }));
    return tenant;
  }
}
