import type { SandboxControl } from '@crossdock/sandbox';
import type { SyncedObject } from './hubspot-side.fixture.ts';

const typeOf = { contact: 'Contact', company: 'Account', deal: 'Opportunity' } as const;

/** A Salesforce org and the people who work in it. */
export class SalesforceSide {
  constructor(readonly control: SandboxControl, readonly orgId: string, readonly connectionId: string) {}

  add(object: SyncedObject, ...records: Array<Record<string, unknown>>): Promise<string[]> {
    return this.control.addSalesforceRecords(this.orgId, typeOf[object], records);
  }

  async edit(object: SyncedObject, id: string, values: Record<string, unknown>): Promise<void> {
    await this.control.editSalesforceRecord(this.orgId, typeOf[object], id, values);
  }

  delete(object: SyncedObject, id: string): Promise<void> {
    return this.control.deleteSalesforceRecord(this.orgId, typeOf[object], id);
  }

  mergeContacts(winner: string, loser: string): Promise<void> {
    return this.control.mergeSalesforceContacts(this.orgId, winner, loser);
  }

  /** Those that are not deleted. */
  async records(object: SyncedObject) {
    return (await this.control.salesforceRecords(this.orgId, typeOf[object])).filter((record) => record['IsDeleted'] !== true);
  }

  async find(object: SyncedObject, field: string, value: string) {
    return (await this.records(object)).find((record) => record[field] === value);
  }

  /** How often the org's records of a kind were written through its interface. */
  async writes(object: SyncedObject): Promise<number> {
    const { records } = await this.control.writes('salesforce');
    return records.filter(({ account, type }) => account === this.orgId && type === typeOf[object])
      .reduce((sum, { created, updated, unchanged, deleted }) => sum + created + updated + unchanged + deleted, 0);
  }
}
