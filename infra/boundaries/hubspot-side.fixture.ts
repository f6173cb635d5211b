import type { SandboxControl } from '@crossdock/sandbox';

const typeOf = { contact: 'contacts', company: 'companies', deal: 'deals' } as const;
export type SyncedObject = keyof typeof typeOf;

/** A HubSpot portal and the people who work in it. */
export class HubSpotSide {
  constructor(readonly control: SandboxControl, readonly portalId: number, readonly connectionId: string) {}

  async add(object: SyncedObject, properties: Record<string, string | null>): Promise<string> {
    return (await this.control.addHubSpotRecord(this.portalId, typeOf[object], { properties })).id;
  }

  async edit(object: SyncedObject, id: string, properties: Record<string, string | null>): Promise<void> {
    await this.control.editHubSpotRecord(this.portalId, typeOf[object], id, { properties });
  }

  delete(object: SyncedObject, id: string): Promise<void> {
    return this.control.deleteHubSpotRecord(this.portalId, typeOf[object], id);
  }

  /** @returns the id of the record that both have become. */
  async merge(object: SyncedObject, primaryId: string, secondaryId: string): Promise<string> {
    return (await this.control.mergeHubSpotRecords(this.portalId, typeOf[object], primaryId, secondaryId)).id;
  }

  associate(from: SyncedObject, fromId: string, to: SyncedObject, toId: string): Promise<void> {
    return this.control.associateHubSpotRecords(this.portalId, { type: typeOf[from], id: fromId }, { type: typeOf[to], id: toId });
  }

  /** The primary one first. */
  companiesOf(contactId: string): Promise<string[]> {
    return this.control.hubSpotAssociations(this.portalId, { type: 'contacts', id: contactId }, 'companies');
  }

  async records(object: SyncedObject) {
    return this.control.hubSpotRecords(this.portalId, typeOf[object]);
  }

  /** The line items of a deal. */
  async lineItems(dealId: string) {
    const ids = new Set(await this.control.hubSpotAssociations(this.portalId, { type: 'deals', id: dealId }, 'line_items'));
    return (await this.control.hubSpotRecords(this.portalId, 'line_items')).filter(({ id }) => ids.has(id));
  }

  async find(object: SyncedObject, property: string, value: string) {
    return (await this.records(object)).find(({ properties }) => properties[property] === value);
  }

  /** How often the portal's records of a kind were written through its interface. */
  async writes(object: SyncedObject): Promise<number> {
    const { records } = await this.control.writes('hubspot');
    return records.filter(({ account, type }) => account === String(this.portalId) && type === typeOf[object])
      .reduce((sum, { created, updated, unchanged, deleted }) => sum + created + updated + unchanged + deleted, 0);
  }
}
