import type { RecordWrite } from '@crossdock/crm-connector';
import type { CrmObject } from '@crossdock/contracts';
import { chunksOf } from '../hubspot.answers.ts';
import { hubSpotLimits } from '../hubspot.limits.ts';
import { externalKeyProperty } from '../hubspot.mapping.ts';
import { dependsOnDeal, type DealPipeline } from './deal-pipelines.ts';
import { dealStatusProperties } from './deal-status.ts';
import { stageProperty } from './lifecycle-stage.ts';
import { findBySearch, findByUnique, furtherEmailsProperty, idProperty, type LookUp } from './look-up.ts';
import type { HubSpotAccount } from './object-types.ts';
import type { HubSpotRecord } from './record-reading.ts';
import { wantedStatus } from './write-plan.ts';

/** Values of one search; more do not fit into a filter. */
const searchedValues = 100;

/**
 * Finds the records of those writes that cannot be sent blindly: a deal's stage may depend on its pipeline and on whether it is
 * there, a person's stage on the one that he has; a record that may be adopted is found by its address. All others HubSpot finds by itself.
 */
export class WriteTargets {
  readonly #account: HubSpotAccount;
  readonly #object: CrmObject;

  constructor(account: HubSpotAccount, object: CrmObject) {
    this.#account = account;
    this.#object = object;
  }

  async find(writes: readonly RecordWrite[], pipelines: readonly DealPipeline[]): Promise<Map<RecordWrite, HubSpotRecord>> {
    const found = new Map<RecordWrite, HubSpotRecord>();
    const dependsOnRecord = writes.filter((write) => {
      if (typeof write.fields[stageProperty] === 'string' && 'id' in write.target) return true;
      const status = wantedStatus(write);
      // An open deal that is there keeps its stage: by its key nobody knows whether it is, by its id it is.
      return status === 'open' ? 'key' in write.target : status !== undefined && dependsOnDeal(status, pipelines);
    });
    await this.#match(found, dependsOnRecord.filter(({ target }) => 'id' in target), {
      by: idProperty, valueOf: ({ target }) => ('id' in target ? target.id : undefined), find: (lookUp) => findByUnique(this.#account, lookUp),
    });
    await this.#match(found, dependsOnRecord.filter(({ target }) => 'key' in target), {
      by: externalKeyProperty, valueOf: ({ target }) => ('key' in target ? target.key : undefined), find: (lookUp) => findByUnique(this.#account, lookUp),
    });
    for (const [property, adopting] of groupByProperty(writes.filter((write) => !found.has(write)))) {
      const isUnique = this.#object === 'contact' && property === 'email';
      await this.#match(found, adopting, {
        by: property,
        valueOf: ({ target }) => ('key' in target ? target.adoptBy?.value.toLowerCase() : undefined),
        find: (lookUp) => (isUnique ? findByUnique(this.#account, lookUp) : this.#search(lookUp)),
      });
    }
    return found;
  }

  async #match(
    found: Map<RecordWrite, HubSpotRecord>, writes: readonly RecordWrite[],
    { by, valueOf, find }: { by: string; valueOf: (write: RecordWrite) => string | undefined; find: (lookUp: LookUp) => Promise<HubSpotRecord[]> },
  ): Promise<void> {
    if (writes.length === 0) return;
    const values = writes.flatMap((write) => valueOf(write) ?? []);
    const records = await find({ object: this.#object, property: by, values, properties: [by, ...this.#properties] });
    const byValue = new Map<string, HubSpotRecord>();
    // The oldest comes first and is taken.
    for (const record of records) for (const value of valuesOf(record, by)) if (!byValue.has(value)) byValue.set(value, record);
    for (const write of writes) {
      const record = byValue.get(valueOf(write) ?? '');
      if (record) found.set(write, record);
    }
  }

  get #properties(): string[] {
    if (this.#object === 'contact') return [externalKeyProperty, furtherEmailsProperty, stageProperty];
    return this.#object === 'deal' ? [externalKeyProperty, 'pipeline', ...dealStatusProperties] : [externalKeyProperty, stageProperty];
  }

  async #search(lookUp: LookUp): Promise<HubSpotRecord[]> {
    const found: HubSpotRecord[] = [];
    for (const values of chunksOf(lookUp.values, searchedValues)) {
      found.push(...await findBySearch(this.#account, { ...lookUp, values }, { withoutKey: true, limit: hubSpotLimits.searchPageSize }));
    }
    return found;
  }
}

function groupByProperty(writes: readonly RecordWrite[]): Map<string, RecordWrite[]> {
  const groups = new Map<string, RecordWrite[]>();
  for (const write of writes) {
    if (!('key' in write.target) || !write.target.adoptBy) continue;
    const { field } = write.target.adoptBy;
    groups.set(field, [...groups.get(field) ?? [], write]);
  }
  return groups;
}

/** By which values a record was found: keys and ids as they are, anything else in lower case; a contact by each of his addresses. */
function valuesOf({ id, properties }: HubSpotRecord, by: string): string[] {
  if (by === idProperty) return [id];
  if (by === externalKeyProperty) return [properties[by] ?? ''];
  const further = by === 'email' ? (properties[furtherEmailsProperty] ?? '').split(';') : [];
  return [properties[by] ?? '', ...further].map((value) => value.toLowerCase());
}
