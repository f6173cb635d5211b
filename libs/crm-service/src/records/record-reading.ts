import { createHash } from 'node:crypto';
import { ConnectionHealth, type Connection } from '@crossdock/connections';
import type { CrmObject, Deal } from '@crossdock/contracts';
import type { ChangePage, CrmRecord, GoneRecord, RecordConnector } from '@crossdock/crm-connector';
import { LOGGER, type Logger } from '@crossdock/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { CRM_CONNECTOR } from '../connector-task.ts';
import { AccountMappings, type AccountMapping, type MappingsInForce } from './account-mappings.ts';
import { toState, type ToldState } from './told-state.ts';

/** A record as it was read, in the form in which it is told. */
export interface SeenState {
  readonly externalId: string;
  readonly modifiedAt: string;
  /** SHA-256 of all that is told of it, in hexadecimal. */
  readonly digest: string;
  readonly state: ToldState;
}

export interface SeenGone extends Pick<GoneRecord, 'gone' | 'mergedInto'> {
  readonly externalId: string;
}

/** What one call to the vendor showed. */
export interface SeenRecords {
  /** When the call began. */
  readonly at: Date;
  readonly states: readonly SeenState[];
  readonly gone: readonly SeenGone[];
}

export interface SeenPage extends Pick<ChangePage, 'cursor' | 'hasMore'> {
  /** By which version of the mapping it was put into canonical form. */
  readonly mapping: number;
  readonly seen: SeenRecords;
}

/** An account whose records are read; its mappings are looked up where they are not given. */
interface ReadAccount {
  readonly connection: Connection;
  readonly mappings?: MappingsInForce;
}

/** Reads an account's records and puts them into canonical form by the account's mapping. */
@Injectable()
export class RecordReading {
  constructor(
    @Inject(CRM_CONNECTOR) private readonly connector: RecordConnector,
    private readonly mappings: AccountMappings,
    private readonly health: ConnectionHealth,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** A page of what has changed since the cursor. @throws Failure as `RecordConnector.listChanges`. */
  changes(connection: Connection, object: CrmObject, cursor: string | undefined, signal: AbortSignal): Promise<SeenPage> {
    return this.health.watch(connection, async () => {
      const at = new Date();
      const mappings = await this.mappings.inForce(connection);
      const account = await mappings.of(object, signal);
      const { records, gone, ...rest } = await this.connector.listChanges(connection, account.selection, cursor, signal);
      // A record that changed twice within a page is told once, as it was last.
      const latest = [...new Map(records.map((record) => [record.id, record])).values()];
      const alive = new Set(latest.map(({ id }) => id));
      const notListed = [...new Map(gone.map((record) => [record.id, record])).values()].filter(({ id }) => !alive.has(id));
      return { ...rest, mapping: account.version, seen: { at, states: await this.#states(connection, { mappings, account }, latest, signal), gone: notListed.map(toSeenGone) } };
    });
  }

  /** These records as they are now. @returns them, and which of them are not there. @throws Failure where the CRM gave no answer. */
  byIds({ connection, mappings: known }: ReadAccount, object: CrmObject, ids: readonly string[], signal: AbortSignal): Promise<SeenRecords & { readonly absent: readonly string[] }> {
    return this.health.watch(connection, async () => {
      const at = new Date();
      const mappings = known ?? await this.mappings.inForce(connection);
      const account = await mappings.of(object, signal);
      const found = await this.connector.getByIds(connection, account.selection, ids, signal);
      const records = [...found.values()];
      const states = await this.#states(connection, { mappings, account }, records.flatMap((record) => ('gone' in record ? [] : [record])), signal);
      return { at, states, gone: records.filter((record) => 'gone' in record).map(toSeenGone), absent: ids.filter((id) => !found.has(id)) };
    });
  }

  async #states(
    connection: Connection, { mappings, account: { mapper, mapping: { object } } }: { readonly mappings: MappingsInForce; readonly account: AccountMapping },
    records: readonly CrmRecord[], signal: AbortSignal,
  ): Promise<SeenState[]> {
    const emails = object === 'deal' ? await this.#emailsOfContacts(connection, mappings, records, signal) : undefined;
    return records.flatMap((record): SeenState[] => {
      const values = mapper.toCanonical(record.fields);
      const { state, problems } = toState(record, { connection, values, ...(emails && { contacts: contactsOf(record, emails) }) });
      for (const problem of [...values.problems, ...problems]) {
        this.logger.warn({ connectionId: connection.id, object, externalId: record.id, field: problem.field, err: problem }, 'a value of a CRM record was left out');
      }
      return state ? [{ externalId: record.id, modifiedAt: record.modifiedAt, digest: digestOf(state), state }] : [];
    });
  }

  /** Attribution joins deals and samples by e-mail, which no vendor has on the deal. */
  async #emailsOfContacts(connection: Connection, mappings: MappingsInForce, deals: readonly CrmRecord[], signal: AbortSignal): Promise<Map<string, string>> {
    const ids = [...new Set(deals.flatMap(contactIdsOf))];
    if (ids.length === 0) return new Map();
    const { mapping, mapper, description } = await mappings.of('contact', signal);
    const field = mapping.fields.find(({ canonical, direction }) => canonical === 'email' && direction !== 'out')?.field;
    if (field === undefined) return new Map();
    const found = await this.connector.getByIds(connection, { description, fieldNames: [field], withoutAssociations: true }, ids, signal);
    return new Map([...found.values()].flatMap((record): Array<[string, string]> => {
      const { email } = 'gone' in record ? {} : mapper.toCanonical(record.fields).fields;
      return typeof email === 'string' ? [[record.id, email]] : [];
    }));
  }
}

function contactIdsOf({ associations }: CrmRecord): string[] {
  return associations.filter(({ object }) => object === 'contact').map(({ id }) => id);
}

function contactsOf(deal: CrmRecord, emails: ReadonlyMap<string, string>): Deal['contacts'] {
  return contactIdsOf(deal).map((externalId) => {
    const email = emails.get(externalId);
    return { externalId, ...(email !== undefined && { email }) };
  });
}

function toSeenGone({ id: externalId, gone, mergedInto }: GoneRecord): SeenGone {
  return { externalId, gone, ...(mergedInto !== undefined && { mergedInto }) };
}

function digestOf({ data }: ToldState): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('hex');
}
