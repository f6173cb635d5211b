import { objectTypeFacts, type CrmObjectType } from './crm-object-types.ts';
import { findStage } from '../properties/deal-pipelines.ts';
import { alreadyExists, invalidProperties } from '../hubspot-refusals.ts';
import type { PropertyDefinitions } from '../properties/property-definitions.ts';
import type { PropertyValues } from '../properties/property-values.ts';

/** Who changed a record: a person in the CRM's own pages, or an app through the API. */
export interface Actor {
  changeSource: 'CRM_UI' | 'INTEGRATION';
  sourceId: string;
}

export interface CrmRecord {
  id: string;
  type: CrmObjectType;
  properties: PropertyValues;
  createdAt: string;
  updatedAt: string;
  archivedAt: string | null;
  /** What search knows, oldest first: search lags behind, so each state becomes visible only at its time. */
  searchable: { visibleAtMs: number; properties: PropertyValues }[];
}

export type RecordChange =
  | { kind: 'creation' | 'deletion'; record: CrmRecord; actor: Actor; atMs: number }
  | { kind: 'propertyChange'; record: CrmRecord; actor: Actor; atMs: number; property: string; value: string };

export interface CrmRecordsOptions {
  definitions: PropertyDefinitions;
  searchDelayMs: number;
  changed: (change: RecordChange) => void;
}

/** The records of one portal. Values given here have been checked before. */
export class CrmRecords {
  private readonly options: CrmRecordsOptions;
  private readonly byType: Record<CrmObjectType, Map<string, CrmRecord>> = {
    contacts: new Map(),
    companies: new Map(),
    deals: new Map(),
  };
  private readonly idsByUniqueValue = new Map<string, string>();
  private lastId = 100_000_000_000;

  constructor(options: CrmRecordsOptions) {
    this.options = options;
  }

  list(type: CrmObjectType, archived = false): CrmRecord[] {
    return [...this.byType[type].values()].filter((record) => (record.archivedAt !== null) === archived);
  }

  find(type: CrmObjectType, id: string, idProperty?: string): CrmRecord | undefined {
    const key = idProperty === undefined ? id : this.idsByUniqueValue.get(uniqueKey(type, idProperty, id));
    const record = key === undefined ? undefined : this.byType[type].get(key);
    return record?.archivedAt === null ? record : undefined;
  }

  findArchived(type: CrmObjectType, id: string): CrmRecord | undefined {
    const record = this.byType[type].get(id);
    return record !== undefined && record.archivedAt !== null ? record : undefined;
  }

  /** Throws HubSpot's conflict when a unique value belongs to another record. */
  assertUnique(type: CrmObjectType, values: PropertyValues, ownId?: string): void {
    for (const name of this.options.definitions.uniqueNames(type)) {
      const value = values[name];
      if (value === undefined || value === '') continue;
      const holder = this.idsByUniqueValue.get(uniqueKey(type, name, value));
      if (holder === undefined || holder === ownId) continue;
      if (type === 'contacts' && name === 'email') throw alreadyExists('Contact', holder);
      const message = `${value} is already the value of ${name} of record ${holder}.`;
      throw invalidProperties([{ isValid: false, message, error: 'CONFLICTING_UNIQUE_VALUE', name }]);
    }
  }

  create(type: CrmObjectType, values: PropertyValues, actor: Actor): CrmRecord {
    this.assertUnique(type, values);
    this.lastId += 1;
    const id = String(this.lastId);
    const atMs = Date.now();
    const now = new Date(atMs).toISOString();
    const given = withoutEmpty(type === 'deals' && values['dealstage'] !== undefined ? { pipeline: 'default', ...values } : values);
    const record: CrmRecord = {
      id,
      type,
      properties: {
        ...given,
        ...derivedValues(type, given, now),
        hs_object_id: id,
        createdate: now,
        [objectTypeFacts[type].modifiedProperty]: now,
        hs_object_source: actor.changeSource,
        hs_object_source_id: actor.sourceId,
      },
      createdAt: now,
      updatedAt: now,
      archivedAt: null,
      searchable: [],
    };
    this.byType[type].set(id, record);
    this.claimUniqueValues(record, {});
    this.letSearchKnow(record, atMs);
    this.options.changed({ kind: 'creation', record, actor, atMs });
    for (const [property, value] of Object.entries(given)) {
      this.options.changed({ kind: 'propertyChange', record, actor, atMs, property, value });
    }
    return record;
  }

  /** Answers the names of the properties that really changed. */
  update(record: CrmRecord, values: PropertyValues, actor: Actor): string[] {
    this.assertUnique(record.type, values, record.id);
    const atMs = Date.now();
    const now = new Date(atMs).toISOString();
    const entersStage = values['dealstage'] !== record.properties['dealstage'];
    const wanted = { ...values, ...(entersStage ? derivedValues(record.type, values, now) : {}) };
    const changed = Object.keys(wanted).filter((name) => (record.properties[name] ?? '') !== wanted[name]);
    if (changed.length === 0) return [];
    const before = record.properties;
    record.properties = withoutEmpty({ ...before, ...wanted, [objectTypeFacts[record.type].modifiedProperty]: now });
    record.updatedAt = now;
    this.claimUniqueValues(record, before);
    this.letSearchKnow(record, atMs);
    for (const property of changed) {
      this.options.changed({ kind: 'propertyChange', record, actor, atMs, property, value: wanted[property] ?? '' });
    }
    return changed;
  }

  archive(record: CrmRecord, actor: Actor): void {
    const atMs = Date.now();
    record.archivedAt = new Date(atMs).toISOString();
    record.searchable = [];
    for (const name of this.options.definitions.uniqueNames(record.type)) {
      this.idsByUniqueValue.delete(uniqueKey(record.type, name, record.properties[name] ?? ''));
    }
    this.options.changed({ kind: 'deletion', record, actor, atMs });
  }

  private claimUniqueValues(record: CrmRecord, before: PropertyValues): void {
    for (const name of this.options.definitions.uniqueNames(record.type)) {
      const old = before[name];
      const value = record.properties[name];
      if (old !== undefined && old !== value) this.idsByUniqueValue.delete(uniqueKey(record.type, name, old));
      if (value !== undefined) this.idsByUniqueValue.set(uniqueKey(record.type, name, value), record.id);
    }
  }

  private letSearchKnow(record: CrmRecord, atMs: number): void {
    record.searchable.push({ visibleAtMs: atMs + this.options.searchDelayMs, properties: record.properties });
  }
}

const uniqueKey = (type: CrmObjectType, property: string, value: string): string =>
  JSON.stringify([type, property, property === 'email' ? value.toLowerCase() : value]);

const withoutEmpty = (values: PropertyValues): PropertyValues =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));

/** What HubSpot works out itself when a deal enters a stage; a given close date wins. */
function derivedValues(type: CrmObjectType, values: PropertyValues, now: string): PropertyValues {
  const stage = type === 'deals' ? findStage(values['dealstage'] ?? '') : undefined;
  if (stage === undefined) return {};
  const closed = stage.metadata.isClosed === 'true';
  return {
    hs_is_closed: String(closed),
    hs_is_closed_won: String(stage.id === 'closedwon'),
    hs_deal_stage_probability: stage.metadata.probability,
    ...(closed && values['closedate'] === undefined ? { closedate: now } : {}),
  };
}
