import { ConnectionHealth, ConnectionStore, keepMappingDrift, type Connection } from '@crossdock/connections';
import type { CrmObject, ObjectDescription } from '@crossdock/contracts';
import type { RecordConnector } from '@crossdock/crm-connector';
import { checkedRulesSchema, checkRules, type CheckedRules, type MappingRules } from '@crossdock/field-mapping';
import { TenantDatabase } from '@crossdock/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { connectionOf, CRM_CONNECTOR } from '../connector-task.ts';
import { FeedTasks } from '../records/feed.tasks.ts';
import { findSchema, keepFirstSchema, keepSchema, lockSchema } from './account-schema.repository.ts';
import { activateVersion, findActiveRules, findRules, listSavedRules, listVersions, saveRules } from './field-mapping.repository.ts';
import type { MappedObject } from './mapped-object.ts';
import { MappingTrial, type RecordTrial } from './mapping-trial.ts';
import { mappingViewSchema, viewMapping, viewSavedRules, type MappingVersionPage, type MappingView } from './mapping.view.ts';

/** An administrator waits: what a vendor needs for one description, with room to spare. */
const waitMs = 15_000;

/** What became of a change: `overtaken` where another version than the one that its author had seen holds by now. */
export const mappingChangeSchema = z.union([z.object({
  outcome: z.literal('saved'),
  mapping: mappingViewSchema,
}), z.object({
  outcome: z.literal('refused'),
  problems: checkedRulesSchema.shape.problems,
}), z.object({
  outcome: z.literal('overtaken'),
  version: z.int(),
})]);
export type MappingChange = z.infer<typeof mappingChangeSchema>;

/** What an administrator does with the mappings of an account. Each throws a `Failure` where the account does not answer. */
@Injectable()
export class MappingAdministration {
  constructor(
    private readonly database: TenantDatabase,
    private readonly connections: ConnectionStore,
    private readonly health: ConnectionHealth,
    private readonly feeds: FeedTasks,
    @Inject(CRM_CONNECTOR) private readonly connector: RecordConnector,
  ) {}

  /** What the account's fields are now. */
  async describe(target: MappedObject): Promise<ObjectDescription> {
    const connection = await this.#connectionOf(target);
    return this.#call(connection, (signal) => this.connector.describe(connection, target.object, signal));
  }

  /** The mapping that holds. The account is asked only where nobody has asked it before. */
  async show(target: MappedObject): Promise<MappingView> {
    const known = await this.#inTenant(target, (manager) => findSchema(manager, target));
    const description = known ? undefined : await this.describe(target);
    return this.#inTenant(target, async (manager) => {
      if (description) await keepFirstSchema(manager, target, description);
      return this.#view(manager, target);
    });
  }

  /**
   * Versions that were saved with what each says, the latest first. The account is not asked.
   * @param before the version after which the page before ended
   * @throws Failure `not_found` where the tenant has no such account
   */
  async versions(target: MappedObject, { limit, before }: { readonly limit: number; readonly before: number | undefined }): Promise<MappingVersionPage> {
    await this.#connectionOf(target);
    const found = await this.#inTenant(target, (manager) => listSavedRules(manager, target, { limit: limit + 1, before }));
    const items = found.slice(0, limit).map(viewSavedRules);
    const last = items.at(-1);
    return { items, ...(found.length > limit && last && { nextCursor: String(last.version) }) };
  }

  /** What these rules would come to in the account as it is now; nothing is kept. */
  async check(target: MappedObject, rules: MappingRules): Promise<CheckedRules> {
    return this.#check(target.object, rules, await this.describe(target));
  }

  /**
   * Saves rules that have no errors as a new version, which holds from now on; where the records are followed, all are read
   * once more by it.
   * @param author who saves them, and which version he has seen
   */
  async save(target: MappedObject, rules: MappingRules, { savedBy, seen }: { readonly savedBy: string; readonly seen: number }): Promise<MappingChange> {
    const description = await this.describe(target);
    const { problems } = this.#check(target.object, rules, description);
    if (problems.some(({ severity }) => severity === 'error')) return { outcome: 'refused', problems };
    return this.#change(target, seen, description, (manager) => saveRules(manager, target, rules, savedBy));
  }

  /**
   * Makes an old version hold again, also where the account no longer fits all of it: its problems are in the answer, and are
   * reported record by record.
   * @throws Failure `not_found`
   */
  async rollBack(target: MappedObject, version: number, seen: number): Promise<MappingChange> {
    await this.#inTenant(target, (manager) => findRules(manager, target, version));
    const description = await this.describe(target);
    return this.#change(target, seen, description, (manager) => activateVersion(manager, target, version));
  }

  /** What these rules, or those that hold, would make of records that are there. Nothing is written anywhere. */
  async try(target: MappedObject, ids: readonly string[], rules: MappingRules | undefined): Promise<CheckedRules & { readonly records: readonly RecordTrial[] }> {
    const connection = await this.#connectionOf(target);
    const { rules: active } = await this.#inTenant(target, (manager) => findActiveRules(manager, target));
    return this.#call(connection, async (signal) => {
      const description = await this.connector.describe(connection, target.object, signal);
      const tried = this.#check(target.object, rules ?? active, description);
      const trial = new MappingTrial(this.#check(target.object, active, description).mapping, tried.mapping, description);
      const found = await this.connector.getByIds(connection, { description, fieldNames: trial.fieldNames, withoutAssociations: true }, ids, signal);
      return { ...tried, records: ids.map((id) => trial.of(id, found.get(id))) };
    });
  }

  /** Of two who change a mapping at once the second one is told so. The account as it is now is what later changes are counted from. */
  async #change(target: MappedObject, seen: number, description: ObjectDescription, change: (manager: EntityManager) => Promise<void>): Promise<MappingChange> {
    return this.#inTenant(target, async (manager): Promise<MappingChange> => {
      await lockSchema(manager, target);
      const { version } = await findActiveRules(manager, target);
      if (version !== seen) return { outcome: 'overtaken', version };
      await keepSchema(manager, target, description);
      await keepMappingDrift(manager, target.connectionId, target.object, 0);
      await change(manager);
      await this.feeds.readAnew(manager, target);
      return { outcome: 'saved', mapping: await this.#view(manager, target) };
    });
  }

  #check(object: CrmObject, rules: MappingRules, description: ObjectDescription): CheckedRules {
    return checkRules(this.connector.defaultMapping[object], rules, description);
  }

  async #view(manager: EntityManager, target: MappedObject): Promise<MappingView> {
    const schema = await findSchema(manager, target);
    if (!schema) throw new TypeError('The schema is kept before its mapping is shown.');
    const { version, rules } = await findActiveRules(manager, target);
    const checked = this.#check(target.object, rules, schema.description);
    return viewMapping({ connectionId: target.connectionId, version, rules, checked, schema, versions: await listVersions(manager, target) });
  }

  #connectionOf({ tenantId, connectionId }: MappedObject): Promise<Connection> {
    return connectionOf(this.connections, { tenantId, groupKey: connectionId });
  }

  #call<Result>(connection: Connection, call: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    return this.health.watch(connection, () => call(AbortSignal.timeout(waitMs)));
  }

  #inTenant<Result>({ tenantId }: MappedObject, work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.database.transaction(tenantId, work);
  }
}
