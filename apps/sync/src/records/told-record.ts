import {
  companyStateSchema, contactStateSchema, dealStateSchema, fieldValueSchema, sampleRequestField,
  type CompanyState, type ContactState, type CrmObject, type CrmRef, type DealState, type FieldValue, type RecordSource,
} from '@crossdock/contracts';

/** A record as a CRM service tells it, whatever its kind. */
export interface ToldRecord {
  readonly object: CrmObject;
  readonly source: RecordSource;
  readonly modifiedAt: string;
  /** When it was read there. */
  readonly toldAt: string;
  readonly externalKey?: string;
  /** Ids of records that have gone into it, where the account makes a new one of those that are merged. */
  readonly mergedFrom?: readonly string[];
  /** Every field that the connection's mapping reads and that is a fact; null where it is empty. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly associations: readonly CrmRef[];
  readonly scanId?: string;
}

const schemas = { contact: contactStateSchema, company: companyStateSchema, deal: dealStateSchema };

/** @returns undefined for a deal that was fetched for others, of whose fields nobody says which are known. */
export function toldRecord(object: CrmObject, toldAt: string, state: ContactState | CompanyState | DealState): ToldRecord | undefined {
  const { source, modifiedAt, externalKey, mergedFrom, known, associations, custom = {}, scanId } = state;
  if (!known) return undefined;
  const own = new Set(Object.keys(schemas[object].shape));
  const values = new Map<string, unknown>([...Object.entries(state).filter(([name]) => own.has(name)), ...Object.entries(custom)]);
  return {
    object, source, modifiedAt, toldAt, associations: associations ?? [],
    fields: Object.fromEntries(known.filter((name) => name !== sampleRequestField).map((name) => [name, fieldValueSchema.parse(values.get(name) ?? null)])),
    ...(externalKey !== undefined && { externalKey }),
    ...(mergedFrom && { mergedFrom }),
    ...(scanId !== undefined && { scanId }),
  };
}
