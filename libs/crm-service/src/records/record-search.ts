import { ConnectionHealth, ConnectionStore, type Connection } from '@crossdock/connections';
import { crmObjectSchema, crmRefSchema, Failure, fieldValueSchema, timestampSchema, type CrmObject } from '@crossdock/contracts';
import type { CrmRecord, CrmConnector } from '@crossdock/crm-connector';
import type { RecordMapper } from '@crossdock/field-mapping';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { connectionOf, CRM_CONNECTOR } from '../connector-task.ts';
import type { MappedObject } from '../mapping/mapped-object.ts';
import { AccountMappings, type AccountMapping } from './account-mappings.ts';

/** A record as the CRM has it now, in canonical form. Times are ISO 8601 in UTC with milliseconds. */
export const foundRecordSchema = z.object({
  object: crmObjectSchema,
  externalId: z.string(),
  externalKey: z.string().exactOptional(),
  modifiedAt: timestampSchema,
  fields: z.record(z.string(), fieldValueSchema),
  custom: z.record(z.string(), fieldValueSchema).exactOptional()
    .describe('The tenant’s own fields, in the form of the vendor’s type. Left out for contacts where the caller may not see people’s data.'),
  associations: z.array(crmRefSchema).readonly(),
}).meta({ id: 'FoundRecord' });
export type FoundRecord = z.infer<typeof foundRecordSchema>;

/** Somebody waits: all that a look-up asks of an account has this much time. */
const budgetMs = 1_000;
/** What the account's fields are is asked once; a look-up that this makes late has it ready for the next one. */
const descriptionMs = 15_000;

/** Finds records in an account while somebody waits for them. */
@Injectable()
export class RecordSearch {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly health: ConnectionHealth,
    private readonly mappings: AccountMappings,
    @Inject(CRM_CONNECTOR) private readonly connector: CrmConnector,
  ) {}

  /**
   * At most 100 records whose canonical field has one of the values, by the mapping that holds.
   * @throws Failure `invalid` for a field or value that the account does not keep or cannot be searched by, `transient` when a second
   * is over without an answer, and those of `CrmConnector.search`.
   */
  async find({ tenantId, connectionId, object }: MappedObject, by: { readonly field: string; readonly values: readonly string[] }): Promise<FoundRecord[]> {
    const signal = AbortSignal.timeout(budgetMs);
    const connection = await connectionOf(this.connections, { tenantId, groupKey: connectionId });
    return this.health.watch(connection, async () => {
      const { selection, mapper } = await inTime(signal, this.#mappingOf(connection, object));
      const { field, values } = atVendor(mapper, by);
      const found = await inTime(signal, this.connector.search(connection, selection, { field, values }, signal));
      return found.map((record) => toFound(record, mapper));
    });
  }

  #mappingOf(connection: Connection, object: CrmObject): Promise<AccountMapping> {
    return this.mappings.of(connection, object, AbortSignal.timeout(descriptionMs));
  }
}

function atVendor(mapper: RecordMapper, { field: canonical, values }: { readonly field: string; readonly values: readonly string[] }): { readonly field: string; readonly values: string[] } {
  const mapped = values.map((value) => mapper.toVendor({ [canonical]: value }));
  const [problem] = mapped.flatMap(({ problems }) => problems);
  if (problem) throw problem;
  const pairs = mapped.flatMap(({ fields }) => Object.entries(fields));
  const [[field] = []] = pairs;
  if (field === undefined) throw new Failure('invalid', `The account keeps no ${canonical}: map it to a field of the account first.`, { field: canonical });
  return { field, values: pairs.flatMap(([, value]) => (typeof value === 'string' ? [value] : [])) };
}

function toFound({ object, id, key, modifiedAt, fields: raw, associations }: CrmRecord, mapper: RecordMapper): FoundRecord {
  const { fields, custom } = mapper.toCanonical(raw);
  return {
    object, externalId: id, ...(key !== undefined && { externalKey: key }), modifiedAt, fields, custom,
    associations: associations.map((ref) => ({ object: ref.object, externalId: ref.id })),
  };
}

/** Whoever waits is told when the time is over, whatever the work still does. */
async function inTime<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  const over = new Failure('transient', 'The account did not answer within a second; try again.');
  return Promise.race([work, new Promise<never>((_, reject) => {
    if (signal.aborted) reject(over);
    signal.addEventListener('abort', () => reject(over), { once: true });
  })]);
}
