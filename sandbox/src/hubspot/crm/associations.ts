import { crmObjectTypes, defaultAssociationTypeId, type CrmObjectType } from './crm-object-types.ts';

export interface AssociationType {
  category: 'HUBSPOT_DEFINED' | 'USER_DEFINED' | 'INTEGRATOR_DEFINED';
  typeId: number;
  label: string | null;
}

interface RecordKey {
  type: CrmObjectType;
  id: string;
}

/** Which records of a portal belong together; each association is known from both ends. */
export class Associations {
  private readonly ends = new Map<string, Map<string, AssociationType[]>>();

  /** Answers whether the association is new. */
  associate(from: RecordKey, to: RecordKey): boolean {
    const isNew = !(this.ends.get(endKey(from, to.type))?.has(to.id) ?? false);
    for (const [near, far] of [
      [from, to],
      [to, from],
    ] as const) {
      const end = this.ends.get(endKey(near, far.type)) ?? new Map<string, AssociationType[]>();
      const typeId = defaultAssociationTypeId(near.type, far.type);
      end.set(far.id, [{ category: 'HUBSPOT_DEFINED', typeId, label: null }]);
      this.ends.set(endKey(near, far.type), end);
    }
    return isNew;
  }

  /** Answers whether there was one to take away. */
  dissociate(from: RecordKey, to: RecordKey): boolean {
    this.ends.get(endKey(to, from.type))?.delete(from.id);
    return this.ends.get(endKey(from, to.type))?.delete(to.id) ?? false;
  }

  /** Takes all of a record's associations away. Answers what it was associated with. */
  forget(record: RecordKey): RecordKey[] {
    const far = crmObjectTypes.flatMap((type) => this.of(record, type).map(({ id }) => ({ type, id })));
    for (const end of far) this.dissociate(record, end);
    return far;
  }

  of(from: RecordKey, toType: CrmObjectType): { id: string; types: AssociationType[] }[] {
    return [...(this.ends.get(endKey(from, toType)) ?? [])].map(([id, types]) => ({ id, types }));
  }
}

const endKey = (near: RecordKey, farType: CrmObjectType): string => `${near.type}/${near.id}/${farType}`;
