/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- the SDK's models are shapes that it serialises by name; its documents give them as literals, and its types hold them to the shape. */
import { ShortMemory, type Connection } from '@crossdock/connections';
import {
  sendInBatches, type ChangePage, type CrmRecord, type DealLineWriter, type FieldSelection, type GoneRecord, type RecordConnector, type RecordWrite, type RecordWritten,
} from '@crossdock/crm-connector';
import { Failure, type CrmObject, type ObjectDescription } from '@crossdock/contracts';
import { HubSpotApi, type HubSpotApiOptions } from '../hubspot.api.ts';
import { hubSpotLimits } from '../hubspot.limits.ts';
import { ChangeList, cursorFromNow } from './changes.ts';
import { readPipelines, type DealPipeline } from './deal-pipelines.ts';
import { hubSpotDefaultMapping } from './default-mapping.ts';
import { derivedDealFields } from './deal-status.ts';
import { describeObject } from './describe.ts';
import { findBySearch, findByUnique, idProperty, within } from './look-up.ts';
import { writeLineItems } from './line-items.ts';
import { callOf, objectTypes, type HubSpotAccount } from './object-types.ts';
import { RecordReading } from './record-reading.ts';
import { RecordWriting } from './record-writing.ts';

export interface HubSpotRecordsOptions extends HubSpotApiOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** A pipeline that people change is noticed within this time. */
const pipelinesKeptMs = 10 * 60_000;

/** How long a look-up that somebody waits for may take, and how many records it answers. */
const [lookUpMs, lookUpSize] = [1_000, 100];

/** HubSpot's contacts, companies and deals through its official SDK. */
export class HubSpotRecords implements RecordConnector {
  readonly vendor = 'hubspot';
  readonly defaultMapping = hubSpotDefaultMapping;
  readonly dealLines: DealLineWriter = { write: (connection, deals, signal) => writeLineItems(this.#account(connection, signal), deals) };
  readonly #api: HubSpotApi;
  readonly #now: () => number;
  readonly #pipelines: ShortMemory<readonly DealPipeline[]>;

  constructor({ now = Date.now, ...options }: HubSpotRecordsOptions) {
    this.#api = new HubSpotApi(options);
    this.#now = now;
    this.#pipelines = new ShortMemory({ keptMs: pipelinesKeptMs, maxEntries: 1_000, nowMs: now });
  }

  describe(connection: Connection, object: CrmObject, signal: AbortSignal): Promise<ObjectDescription> {
    return describeObject(this.#account(connection, signal), object);
  }

  /** By e-mail a contact is found at once; by anything else as search knows it, which is moments late. */
  async search(
    connection: Connection, selection: FieldSelection, { field, values }: { readonly field: string; readonly values: readonly string[] }, signal: AbortSignal,
  ): Promise<CrmRecord[]> {
    const { object, fields } = selection.description;
    if (!fields.some(({ name }) => name === field) || derivedDealFields[field]) {
      throw new Failure('invalid', `HubSpot cannot search ${objectTypes[object].type} by ${field}.`, { field });
    }
    if (values.length === 0) return [];
    return within(lookUpMs, this.#account(connection, signal), async (account) => {
      const reading = new RecordReading(account, selection);
      const lookUp = { object, property: field, values: values.map((value) => value.toLowerCase()), properties: reading.properties };
      const found = object === 'contact' && field === 'email'
        ? await findByUnique(account, lookUp)
        : await findBySearch(account, lookUp, { withoutKey: false, limit: lookUpSize });
      return reading.complete(found.slice(0, lookUpSize), { carryAssociations: false });
    });
  }

  getByIds(connection: Connection, selection: FieldSelection, ids: readonly string[], signal: AbortSignal): Promise<Map<string, CrmRecord | GoneRecord>> {
    return new RecordReading(this.#account(connection, signal), selection).byIds(ids);
  }

  listChanges(connection: Connection, selection: FieldSelection, cursor: string | undefined, signal: AbortSignal): Promise<ChangePage> {
    const account = this.#account(connection, signal);
    return new ChangeList(account, selection.description.object, { reading: new RecordReading(account, selection), now: this.#now }).page(cursor);
  }

  cursorFromNow(): string {
    return cursorFromNow(this.#now());
  }

  write(connection: Connection, description: ObjectDescription, writes: readonly RecordWrite[], signal: AbortSignal): Promise<Array<RecordWritten | Failure>> {
    const account = this.#account(connection, signal);
    const pipelines = async (): Promise<readonly DealPipeline[]> => await this.#pipelines.get(connection.id, () => readPipelines(account)) ?? [];
    return new RecordWriting(account, description, pipelines).write(writes);
  }

  /** The id of a record that was merged leads to what it has become, which is not meant: so it is asked first which records there are. */
  archive(connection: Connection, object: CrmObject, ids: readonly string[], signal: AbortSignal): Promise<Array<'archived' | Failure>> {
    const { type } = objectTypes[object];
    const account = this.#account(connection, signal);
    const api = this.#api.objects(callOf(account, `${type}.batchArchive`));
    return sendInBatches(ids.map((id) => ({ id })), {
      keyOf: ({ id }) => id,
      maxBatchSize: hubSpotLimits.objectBatchSize,
      send: async (batch) => {
        const present = new Set((await findByUnique(account, { object, property: idProperty, values: batch.map(({ id }) => id), properties: [] })).map(({ id }) => id));
        const inputs = batch.filter(({ id }) => present.has(id));
        if (inputs.length > 0) await api.archive(type, { inputs });
        return batch.map(() => 'archived' as const);
      },
    });
  }

  #account(connection: Connection, signal: AbortSignal): HubSpotAccount {
    return { api: this.#api, connection, signal };
  }
}
