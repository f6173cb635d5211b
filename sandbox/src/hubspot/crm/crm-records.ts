import { findStage } from '../properties/deal-pipelines.ts';
import type { PropertyDefinitions } from '../properties/property-definitions.ts';
import type { PropertyValues } from '../properties/property-values.ts';
import { objectTypeFacts, type CrmObjectType } from './crm-object-types.ts';
import { lineItemAmount } from './line-item-amount.ts';
import { mergedValues } from './merged-values.ts';
import { RecordShelf } from './record-shelf.ts';
import { UniqueValues } from './unique-values.ts';

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
  | { kind: 'merge'; record: CrmRecord; primaryId: string; mergedId: string; actor: Actor; atMs: number }
  | { kind: 'propertyChange'; record: CrmRecord; actor: Actor; atMs: number; property: string; value: string };

export interface CrmRecordsOptions {
  definitions: PropertyDefinitions;
  searchDelayMs: number;
  changed: (change: RecordChange) => void;
}

/** The records of one portal. Values given here have been checked before. */
export class CrmRecords {
  private readonly options: CrmRecordsOptions;
  private readonly shelves = { contacts: new RecordShelf(), companies: new RecordShelf(), deals: new RecordShelf(), line_items: new RecordShelf() };
  private readonly unique: UniqueValues;
  private lastId = 100_000_000_000;

  constructor(options: CrmRecordsOptions) {
    this.options = options;
    this.unique = new UniqueValues(options.definitions);
  }

  list(type: CrmObjectType): CrmRecord[] {
    return this.shelves[type].present();
  }

  /** The cursor of a page is the id of the last record of the page before. */
  page(type: CrmObjectType, { archived, after, limit }: { archived: boolean; after: string | undefined; limit: number }): { records: CrmRecord[]; after: string | undefined } {
    const { records, hasMore } = this.shelves[type].page(archived, after, limit);
    return { records, after: hasMore ? records.at(-1)?.id : undefined };
  }

  /** By id, one that was merged into it too, or by the value of a unique property. */
  find(type: CrmObjectType, id: string, idProperty?: string): CrmRecord | undefined {
    const key = idProperty === undefined ? id : this.unique.holderOf(type, idProperty, id);
    const record = key === undefined ? undefined : this.shelves[type].find(key);
    return record?.archivedAt === null ? record : undefined;
  }

  findArchived(type: CrmObjectType, id: string): CrmRecord | undefined {
    const record = this.shelves[type].find(id);
    return record !== undefined && record.archivedAt !== null ? record : undefined;
  }

  /** Throws HubSpot's conflict when a unique value belongs to another record. */
  assertUnique(type: CrmObjectType, values: PropertyValues, ownId?: string): void {
    this.unique.assertFree(type, values, ownId);
  }

  create(type: CrmObjectType, values: PropertyValues, actor: Actor, atMs = Date.now()): CrmRecord {
    this.assertUnique(type, values);
    const now = new Date(atMs).toISOString();
    const given = withoutEmpty(type === 'deals' && values['dealstage'] !== undefined ? { pipeline: 'default', ...values } : values);
    const record = this.add(type, { ...given, ...derivedValues(type, given, now) }, { actor, createdAt: now, atMs });
    this.options.changed({ kind: 'creation', record, actor, atMs });
    for (const [property, value] of Object.entries(given)) {
      this.options.changed({ kind: 'propertyChange', record, actor, atMs, property, value });
    }
    return record;
  }

  /**
   * Answers the names of the properties that really changed. A lifecycle stage before the present one is passed over without a word
   * where an app sets it: it has to empty it first.
   */
  update(record: CrmRecord, given: PropertyValues, actor: Actor): string[] {
    const { lifecyclestage: _, ...withoutStage } = given;
    const values = actor.changeSource === 'INTEGRATION' && this.movesStageBack(record, given) ? withoutStage : given;
    this.assertUnique(record.type, values, record.id);
    const atMs = Date.now();
    const entersStage = values['dealstage'] !== record.properties['dealstage'];
    const wanted: PropertyValues = {
      ...values,
      ...(entersStage ? derivedValues(record.type, values, new Date(atMs).toISOString()) : {}),
      ...(record.type === 'line_items' && lineItemAmount({ ...record.properties, ...values })),
    };
    const changed = this.change(record, wanted, atMs);
    for (const property of changed) {
      this.options.changed({ kind: 'propertyChange', record, actor, atMs, property, value: wanted[property] ?? '' });
    }
    return changed;
  }

  private movesStageBack(record: CrmRecord, { lifecyclestage: wanted }: PropertyValues): boolean {
    const present = record.properties['lifecyclestage'];
    if (!wanted || !present) return false;
    const stages = this.options.definitions.find(record.type, 'lifecyclestage')?.options.map(({ value }) => value) ?? [];
    return stages.indexOf(wanted) < stages.indexOf(present);
  }

  /** HubSpot writes down what it has counted: nobody is told, but the record has changed. */
  recount(record: CrmRecord, values: PropertyValues): void {
    this.change(record, values, Date.now());
  }

  /** Both go into a new record of a new id, to which theirs lead from now on. */
  merge(primary: CrmRecord, secondary: CrmRecord, actor: Actor): CrmRecord {
    const atMs = Date.now();
    for (const each of [primary, secondary]) this.unique.release(each);
    const createdAt = [primary.createdAt, secondary.createdAt].sort()[0] ?? primary.createdAt;
    const record = this.add(primary.type, mergedValues(primary, secondary), { actor, createdAt, atMs });
    for (const each of [primary, secondary]) this.shelves[primary.type].replace(each, record);
    this.options.changed({ kind: 'merge', record, primaryId: primary.id, mergedId: secondary.id, actor, atMs });
    return record;
  }

  archive(record: CrmRecord, actor: Actor): void {
    const atMs = Date.now();
    record.archivedAt = new Date(atMs).toISOString();
    record.searchable = [];
    this.unique.release(record);
    this.options.changed({ kind: 'deletion', record, actor, atMs });
  }

  private change(record: CrmRecord, wanted: PropertyValues, atMs: number): string[] {
    const changed = Object.keys(wanted).filter((name) => (record.properties[name] ?? '') !== wanted[name]);
    if (changed.length === 0) return [];
    const now = new Date(atMs).toISOString();
    this.unique.release(record);
    record.properties = withoutEmpty({ ...record.properties, ...wanted, [objectTypeFacts[record.type].modifiedProperty]: now });
    record.updatedAt = now;
    this.unique.claim(record);
    this.letSearchKnow(record, atMs);
    return changed;
  }

  private add(type: CrmObjectType, values: PropertyValues, { actor, createdAt, atMs }: { actor: Actor; createdAt: string; atMs: number }): CrmRecord {
    this.lastId += 1;
    const [id, now] = [String(this.lastId), new Date(atMs).toISOString()];
    const record: CrmRecord = {
      id,
      type,
      properties: {
        ...values,
        hs_object_id: id,
        createdate: createdAt,
        [objectTypeFacts[type].modifiedProperty]: now,
        hs_object_source: actor.changeSource,
        hs_object_source_id: actor.sourceId,
      },
      createdAt,
      updatedAt: now,
      archivedAt: null,
      searchable: [],
    };
    this.shelves[type].add(record);
    this.unique.claim(record);
    this.letSearchKnow(record, atMs);
    return record;
  }

  private letSearchKnow(record: CrmRecord, atMs: number): void {
    record.searchable.push({ visibleAtMs: atMs + this.options.searchDelayMs, properties: record.properties });
  }
}

const withoutEmpty = (values: PropertyValues): PropertyValues =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));

/** What HubSpot works out itself: the amount of a line item, and of a deal that enters a stage what follows from that; a given close date wins. */
function derivedValues(type: CrmObjectType, values: PropertyValues, now: string): PropertyValues {
  if (type === 'line_items') return lineItemAmount(values);
  const stage = type === 'deals' ? findStage(values['dealstage'] ?? '') : undefined;
  if (stage === undefined) return {};
  const closed = stage.metadata.isClosed === 'true';
  return {
    hs_is_closed: String(closed),
    hs_is_closed_won: String(stage.metadata.probability === '1.0'),
    hs_deal_stage_probability: stage.metadata.probability,
    ...(closed && values['closedate'] === undefined ? { closedate: now } : {}),
  };
}
