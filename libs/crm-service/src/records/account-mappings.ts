import { ShortMemory, type Connection } from '@crossdock/connections';
import type { CrmObject, ObjectDescription } from '@crossdock/contracts';
import type { FieldSelection, RecordConnector } from '@crossdock/crm-connector';
import { createRecordMapper, effectiveMapping, type ObjectMapping, type RecordMapper } from '@crossdock/field-mapping';
import { Inject, Injectable } from '@nestjs/common';
import { RECORD_CONNECTOR } from '../connector-task.ts';

/** How the records of one kind correspond between the hub and one account. */
export interface AccountMapping {
  readonly description: ObjectDescription;
  readonly mapping: ObjectMapping;
  readonly mapper: RecordMapper;
  /** What is read of a record. */
  readonly selection: FieldSelection;
}

/** A field that an administrator makes or removes is noticed within this time. */
const keptMs = 10 * 60_000;
const maxEntries = 3_000;

/** The mappings in force, each with what the account said of its fields. */
@Injectable()
export class AccountMappings {
  readonly #connector: RecordConnector;
  readonly #kept = new ShortMemory<AccountMapping>({ keptMs, maxEntries, nowMs: Date.now });

  constructor(@Inject(RECORD_CONNECTOR) connector: RecordConnector) {
    this.#connector = connector;
  }

  /** @throws Failure where the account did not say what its fields are. */
  async of(connection: Connection, object: CrmObject, signal: AbortSignal): Promise<AccountMapping> {
    const make = (): Promise<AccountMapping> => this.#make(connection, object, signal);
    return await this.#kept.get(`${connection.id}/${object}`, make) ?? make();
  }

  async #make(connection: Connection, object: CrmObject, signal: AbortSignal): Promise<AccountMapping> {
    const description = await this.#connector.describe(connection, object, signal);
    const mapping = effectiveMapping(object, this.#connector.defaultMapping[object], { fields: [], off: [] }, description);
    const mapper = createRecordMapper(mapping, description);
    return { description, mapping, mapper, selection: { description, fieldNames: mapper.selectedFields } };
  }
}
