import { ConnectionStore } from '@crossdock/connections';
import { crmVendorSchema, Failure, feedRequested } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { conflictPolicySchema, gonePolicySchema, syncRulesSchema, syncSideSchema } from '../merge/sync-rules.ts';
import { SyncRuns } from '../runs/sync-runs.ts';
import { deleteSync, findSync, forgetContents, insertSync, setSyncState, type Sync } from './sync.repository.ts';

/** What makes a sync. */
export const newSyncSchema = z.strictObject({
  name: z.string().min(1).max(100),
  object: syncRulesSchema.shape.object,
  sides: z.array(syncSideSchema.omit({ vendor: true })).min(1).max(10),
  authority: syncRulesSchema.shape.authority.default({}),
  conflicts: conflictPolicySchema.default('latest_wins'),
  gone: gonePolicySchema.default('ignore'),
  pollEverySeconds: z.int().min(10).max(86_400).default(300),
  reconcileEveryHours: z.int().min(1).max(24 * 31).default(24),
});
export type NewSync = z.infer<typeof newSyncSchema>;

/** The tenant's syncs. Each method works in the caller's tenant transaction. */
@Injectable()
export class Syncs {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly publisher: EventPublisher,
    private readonly runs: SyncRuns,
  ) {}

  /**
   * Makes a sync and has its accounts read; once all of them are read, the first writes go out.
   * @throws Failure `invalid` for a connection that is none of the tenant's to a CRM, or a field's authority that is no side;
   * `conflict` where an account's records of this kind take part in another sync, or the name is taken.
   */
  async create(manager: EntityManager, { name, object, sides, authority, conflicts, gone, pollEverySeconds, reconcileEveryHours }: NewSync): Promise<Sync> {
    const ids = sides.map(({ connectionId }) => connectionId);
    if (new Set(ids).size < ids.length) throw new Failure('invalid', 'A connection stands twice among the sides.', { pointer: '/sides' });
    for (const [field, connectionId] of Object.entries(authority)) {
      if (!ids.includes(connectionId)) throw new Failure('invalid', `The authority for ${field} is connection ${connectionId}, which is none of the sides.`, { pointer: `/authority/${field}` });
    }
    const known = await Promise.all(sides.map(async (side, index) => ({ ...side, vendor: await this.#vendorOf(manager, side.connectionId, index) })));
    const sync = { id: uuid(), name, rules: { object, sides: known, authority, conflicts, gone }, pollEverySeconds, reconcileEveryHours, state: 'loading' as const };
    const taken = await insertSync(manager, sync);
    if (taken === 'name') throw new Failure('conflict', `There is a sync named ${name} already.`, { pointer: '/name' });
    if (taken === 'side') throw new Failure('conflict', `The ${object} records of one of the accounts take part in another sync: change that one, or delete it first.`, { pointer: '/sides' });
    await this.#follow(manager, sync, pollEverySeconds);
    await this.runs.start(manager, sync, 'load');
    return this.find(manager, sync.id);
  }

  /** @throws Failure `not_found` */
  async find(manager: EntityManager, id: string): Promise<Sync> {
    const sync = await findSync(manager, id);
    if (!sync) throw new Failure('not_found', `There is no sync ${id}.`);
    return sync;
  }

  /** Nothing is read, taken over or written until it is resumed. */
  async pause(manager: EntityManager, id: string): Promise<Sync> {
    const sync = await this.find(manager, id);
    await this.runs.cancel(manager, sync);
    await this.#follow(manager, sync, undefined);
    await setSyncState(manager, id, 'paused');
    return this.find(manager, id);
  }

  /** Reads the accounts completely, so that nothing of the meantime is missed, and then writes again. */
  async resume(manager: EntityManager, id: string): Promise<Sync> {
    const sync = await this.find(manager, id);
    if (sync.state !== 'paused') return sync;
    await this.#follow(manager, sync, sync.pollEverySeconds);
    await setSyncState(manager, id, 'loading');
    await this.runs.start(manager, { ...sync, state: 'loading' }, 'load');
    return this.find(manager, id);
  }

  /**
   * Forgets what was known of the accounts' records, reads all of them anew, and only then writes again: the connections, and which
   * records belong together, stay as they are.
   * @throws Failure `conflict` while the accounts are being read.
   */
  async reset(manager: EntityManager, id: string): Promise<Sync> {
    const sync = await this.find(manager, id);
    await forgetContents(manager, id);
    await setSyncState(manager, id, 'loading');
    if (sync.state === 'paused') await this.#follow(manager, sync, sync.pollEverySeconds);
    if (!await this.runs.start(manager, { ...sync, state: 'loading' }, 'load')) throw new Failure('conflict', `The accounts of sync ${id} are being read: wait for that run, or cancel it.`);
    return this.find(manager, id);
  }

  /** Forgets the sync, its golden records and links; the accounts keep what they have. */
  async delete(manager: EntityManager, id: string): Promise<void> {
    const sync = await this.find(manager, id);
    await this.runs.cancel(manager, sync);
    await this.#follow(manager, sync, undefined);
    await deleteSync(manager, id);
  }

  async #follow(manager: EntityManager, { id, rules }: Pick<Sync, 'id' | 'rules'>, pollEverySeconds: number | undefined): Promise<void> {
    for (const { connectionId, vendor } of rules.sides) {
      await this.publisher.publish(manager, feedRequested, {
        subject: `feed/${connectionId}/${rules.object}/${id}`,
        data: { connectionId, vendor, object: rules.object, ...(pollEverySeconds !== undefined && { pollEverySeconds }) },
      });
    }
  }

  async #vendorOf(manager: EntityManager, connectionId: string, index: number): Promise<Sync['rules']['sides'][number]['vendor']> {
    const connection = await this.connections.findWithin(manager, connectionId);
    const vendor = crmVendorSchema.safeParse(connection?.vendor);
    if (!vendor.success) throw new Failure('invalid', `The tenant has no connection ${connectionId} to a CRM.`, { pointer: `/sides/${index}` });
    return vendor.data;
  }
}
