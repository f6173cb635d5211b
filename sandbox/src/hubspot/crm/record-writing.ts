import type { z } from 'zod';
import type { WriteJournal, WriteKind } from '../../write-journal.ts';
import { associatedType, objectTypeFacts, type CrmObjectType } from './crm-object-types.ts';
import { associationCounts } from './association-counts.ts';
import type { Actor, CrmRecord } from './crm-records.ts';
import type { Portal } from '../hubspot-accounts.ts';
import { invalid, notFound, notUnique } from '../hubspot-refusals.ts';
import type { AssociationInput, createSchema, propertiesSchema } from './object-inputs.ts';
import { checkedValues, type PropertyValues } from '../properties/property-values.ts';

type Properties = z.output<typeof propertiesSchema>;
type NewRecord = z.output<typeof createSchema>;

/** A write that has been checked and can be done. */
export interface PreparedWrite {
  run(): { record: CrmRecord; isNew: boolean };
  /** Unique values that this write takes: two writes of one batch must not take the same. */
  claims: string[];
}

/** Writes of one caller to one portal. `journal` is absent when a person writes, not an app. */
export class RecordWriting {
  private readonly portal: Portal;
  private readonly actor: Actor;
  private readonly journal: WriteJournal | null;

  constructor(portal: Portal, actor: Actor, journal: WriteJournal | null) {
    this.portal = portal;
    this.actor = actor;
    this.journal = journal;
  }

  prepareCreate(type: CrmObjectType, input: NewRecord): PreparedWrite {
    const { portal } = this;
    const values = checkedValues(portal.definitions, type, input.properties);
    portal.records.assertUnique(type, values);
    const targets = (input.associations ?? []).flatMap((association) => this.targetsOf(type, association));
    return {
      claims: this.claims(type, values),
      run: () => {
        const record = portal.records.create(type, values, this.actor);
        for (const target of targets) {
          portal.associations.associate(record, target);
          portal.associationChanged(record, target, false);
        }
        this.count(record, 'created');
        return { record, isNew: true };
      },
    };
  }

  /** New records that all have one time. */
  import(type: CrmObjectType, rows: readonly Properties[], atMs: number): CrmRecord[] {
    return rows.map((row) => this.portal.records.create(type, checkedValues(this.portal.definitions, type, row), this.actor, atMs));
  }

  prepareUpdate(record: CrmRecord, properties: Properties): PreparedWrite {
    const { portal } = this;
    const values = checkedValues(portal.definitions, record.type, properties);
    portal.records.assertUnique(record.type, values, record.id);
    return {
      claims: [`${record.type}/${record.id}`, ...this.claims(record.type, values)],
      run: () => {
        const changed = portal.records.update(record, values, this.actor);
        this.count(record, changed.length === 0 ? 'unchanged' : 'updated');
        return { record, isNew: false };
      },
    };
  }

  /** Throws HubSpot's refusal when `idProperty` is not unique. */
  prepareUpsert(type: CrmObjectType, idProperty: string, id: string, properties: Properties): PreparedWrite {
    this.assertUniqueProperty(type, idProperty);
    const known = this.portal.records.find(type, id, idProperty);
    if (known !== undefined) return this.prepareUpdate(known, { [idProperty]: id, ...properties });
    return this.prepareCreate(type, { properties: { [idProperty]: id, ...properties } });
  }

  /** The record by its id or a unique property; throws 404. */
  get(type: CrmObjectType, id: string, idProperty?: string): CrmRecord {
    const record = this.find(type, id, idProperty);
    if (record === undefined) throw notFound();
    return record;
  }

  find(type: CrmObjectType, id: string, idProperty?: string): CrmRecord | undefined {
    if (idProperty === undefined || idProperty === 'hs_object_id') return this.portal.records.find(type, id);
    this.assertUniqueProperty(type, idProperty);
    return this.portal.records.find(type, id, idProperty);
  }

  /** Archiving what is not there is no fault. */
  archive(type: CrmObjectType, id: string): void {
    const record = this.portal.records.find(type, id);
    if (record === undefined) return;
    this.portal.records.archive(record, this.actor);
    for (const { type: farType, id: farId } of this.portal.associations.forget(record)) {
      const far = this.portal.records.find(farType, farId);
      if (far !== undefined) this.portal.records.recount(far, associationCounts(this.portal.associations, far));
    }
    this.count(record, 'deleted');
  }

  /** Both become one new record, which has the associations of both. */
  merge(type: CrmObjectType, primaryId: string, secondaryId: string): CrmRecord {
    const { associations, records } = this.portal;
    const [primary, secondary] = [this.get(type, primaryId), this.get(type, secondaryId)];
    if (primary === secondary) throw invalid(`Record ${primaryId} cannot be merged with itself.`);
    const far = [primary, secondary].flatMap((each) => associations.forget(each));
    const merged = records.merge(primary, secondary, this.actor);
    for (const end of far) associations.associate(merged, end);
    for (const { type: farType, id } of [merged, ...far]) {
      const record = records.find(farType, id);
      if (record !== undefined) records.recount(record, associationCounts(associations, record));
    }
    this.count(merged, 'updated');
    return merged;
  }

  private assertUniqueProperty(type: CrmObjectType, name: string): void {
    if (this.portal.definitions.isUnique(type, name)) return;
    throw notUnique(objectTypeFacts[type].typeId, name, this.portal.portalId);
  }

  private targetsOf(from: CrmObjectType, association: AssociationInput): CrmRecord[] {
    return association.types.map(({ associationTypeId }) => {
      const type = associatedType(from, associationTypeId);
      const target = type === undefined ? undefined : this.portal.records.find(type, association.to.id);
      if (target === undefined) {
        throw invalid(`No association of type ${String(associationTypeId)} to ${association.to.id} can be made.`);
      }
      return target;
    });
  }

  private claims(type: CrmObjectType, values: PropertyValues): string[] {
    return this.portal.definitions
      .uniqueNames(type)
      .flatMap((name) => (values[name] === undefined ? [] : [`${type}/${name}/${values[name]}`]));
  }

  private count(record: CrmRecord, kind: WriteKind): void {
    this.journal?.count(String(this.portal.portalId), record.type, record.id, kind);
  }
}
