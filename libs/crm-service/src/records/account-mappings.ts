import { ConnectionStore, ShortMemory, type Connection } from '@crossdock/connections';
import type { CrmObject, ObjectDescription } from '@crossdock/contracts';
import type { FieldSelection, RecordConnector } from '@crossdock/crm-connector';
import { createRecordMapper, effectiveMapping, type ObjectMapping, type RecordMapper } from '@crossdock/field-mapping';
import { TenantDatabase } from '@crossdock/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { connectionWithin, CRM_CONNECTOR, type WorkingFor } from '../connector-task.ts';
import { keepFirstSchema } from '../mapping/account-schema.repository.ts';
import { findActiveRules, listActiveRules, type ActiveRules } from '../mapping/field-mapping.repository.ts';

/** How the records of one kind correspond between the hub and one account. */
export interface AccountMapping {
  /** Of the tenant's rules; 0 is the defaults alone. */
  readonly version: number;
  readonly description: ObjectDescription;
  readonly mapping: ObjectMapping;
  readonly mapper: RecordMapper;
  /** What is read of a record. */
  readonly selection: FieldSelection;
}

/** An account's mappings as they held at one moment. */
export interface MappingsInForce {
  /** @throws Failure where the account did not say what its fields are. */
  of(object: CrmObject, signal: AbortSignal): Promise<AccountMapping>;
  /** Whether the tenant has switched a field of the hub's own off. */
  isOff(object: CrmObject, canonical: string): boolean;
}

/** An account that work is done for, with its mappings as they hold meanwhile. */
export interface OpenAccount {
  readonly connection: Connection;
  readonly mappings: MappingsInForce;
}

/** What a mapping is remembered by, and how it is made ready where it is not known yet. */
interface Remembered {
  readonly key: string;
  readonly make: () => Promise<AccountMapping>;
}

/** A field that an administrator makes or removes is noticed within this time. */
const keptMs = 10 * 60_000;
const keptInSetUpMs = 5_000;
/** An account whose values are refused one after the other is not described anew for each of them. */
const leastMsBetweenLooks = 60_000;
const maxEntries = 3_000;

/** The mappings in force, each with what the account said of its fields. One that somebody saves holds at once. */
@Injectable()
export class AccountMappings {
  readonly #database: TenantDatabase;
  readonly #connections: ConnectionStore;
  readonly #connector: RecordConnector;
  readonly #kept = new ShortMemory<AccountMapping>({ keptMs, maxEntries, nowMs: Date.now });
  readonly #keptInSetUp = new ShortMemory<AccountMapping>({ keptMs: keptInSetUpMs, maxEntries, nowMs: Date.now });
  readonly #looks = new ShortMemory<true>({ keptMs: leastMsBetweenLooks, maxEntries, nowMs: Date.now });

  constructor(database: TenantDatabase, connections: ConnectionStore, @Inject(CRM_CONNECTOR) connector: RecordConnector) {
    this.#database = database;
    this.#connections = connections;
    this.#connector = connector;
  }

  /** @throws Failure where the account did not say what its fields are. */
  async of(connection: Connection, object: CrmObject, signal: AbortSignal): Promise<AccountMapping> {
    return (await this.inForce(connection)).of(object, signal);
  }

  /** The account that a batch of tasks works for, looked up with its mappings by one transaction. @throws Failure as `connectionOf` */
  async openAccount(batch: WorkingFor): Promise<OpenAccount> {
    return this.#database.transaction(batch.tenantId, async (manager) => {
      const connection = await connectionWithin(manager, this.#connections, batch);
      return { connection, mappings: this.#mappingsBy(await listActiveRules(manager, connection.id), connection) };
    });
  }

  /** What holds now for all kinds of records: asked for once by whoever needs several of them for the same work. */
  async inForce(connection: Connection): Promise<MappingsInForce> {
    return this.#mappingsBy(await this.#database.transaction(connection.tenantId, (manager) => listActiveRules(manager, connection.id)), connection);
  }

  #mappingsBy(rulesOf: (object: CrmObject) => ActiveRules, connection: Connection): MappingsInForce {
    return {
      isOff: (object, canonical) => rulesOf(object).rules.off.includes(canonical),
      of: async (object, signal) => {
        const { key, make } = this.#remembered(connection, object, rulesOf(object), signal);
        // While an account is set up its fields are being made.
        const kept = connection.state === 'connecting' ? this.#keptInSetUp : this.#kept;
        return await kept.get(key, make) ?? make();
      },
    };
  }

  /**
   * The mapping by what the account says of its fields now, where that is something else than was known; asked for where a value
   * was refused that fitted. Undefined where nothing has changed, or that was asked within a minute.
   * @throws Failure where the account did not say what its fields are.
   */
  async ofChanged(connection: Connection, object: CrmObject, signal: AbortSignal): Promise<AccountMapping | undefined> {
    const before = await this.of(connection, object, signal);
    const target = { tenantId: connection.tenantId, connectionId: connection.id, object };
    const rules = await this.#database.transaction(connection.tenantId, (manager) => findActiveRules(manager, target));
    const { key, make } = this.#remembered(connection, object, rules, signal);
    let now: AccountMapping | undefined;
    await this.#looks.get(key, async () => {
      now = await this.#kept.renew(key, make);
      return true;
    });
    return now === undefined || isDeepStrictEqual(now.description, before.description) ? undefined : now;
  }

  #remembered(connection: Connection, object: CrmObject, rules: ActiveRules, signal: AbortSignal): Remembered {
    return { key: `${connection.id}/${object}/${rules.version}`, make: () => this.#make(connection, object, rules, signal) };
  }

  async #make(connection: Connection, object: CrmObject, { version, rules }: ActiveRules, signal: AbortSignal): Promise<AccountMapping> {
    const description = await this.#connector.describe(connection, object, signal);
    await this.#database.transaction(connection.tenantId, (manager) =>
      keepFirstSchema(manager, { tenantId: connection.tenantId, connectionId: connection.id, object }, description));
    const mapping = effectiveMapping(object, this.#connector.defaultMapping[object], rules, description);
    const mapper = createRecordMapper(mapping, description);
    return { version, description, mapping, mapper, selection: { description, fieldNames: mapper.selectedFields } };
  }
}
