import { chunksOf, type Likeness, type RecordWrite } from '@crossdock/crm-connector';
import type { CrmObject } from '@crossdock/contracts';
import { hubSpotLimits } from '../hubspot.limits.ts';
import { externalKeyProperty } from '../hubspot.mapping.ts';
import { dependsOnDeal, type DealPipeline } from './deal-pipelines.ts';
import { dealStatusProperties } from './deal-status.ts';
import { stageProperty } from './lifecycle-stage.ts';
import { findBySearch, findByUnique, furtherEmailsProperty, idProperty, type LookUp } from './look-up.ts';
import type { HubSpotAccount } from './object-types.ts';
import type { HubSpotRecord } from './record-reading.ts';
import { isFoundByEmail, wantedStatus } from './write-plan.ts';

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
      // What it gets only where it is made depends on whether it is there.
      if (write.whenCreated?.fields && 'key' in write.target) return true;
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
    await this.#adopt(found, writes.filter((write) => !found.has(write) && !isFoundByEmail(this.#object, write)));
    return found;
  }

  /** The records that show the first likeness of each write, then for what is not found the second, and so on. */
  async #adopt(found: Map<RecordWrite, HubSpotRecord>, writes: readonly RecordWrite[]): Promise<void> {
    const takenFor = new Map<string, string>();
    for (let rank = 0; writes.some((write) => likenessesOf(write).length > rank); rank += 1) {
      const wishes = writes.filter((write) => !found.has(write) && likenessesOf(write).length > rank);
      for (const [property, adopting] of Map.groupBy(wishes, (write) => likenessesOf(write)[rank]?.field ?? '')) {
        const likeness = (write: RecordWrite): Likeness | undefined => likenessesOf(write)[rank];
        const isUnique = this.#object === 'contact' && property === 'email';
        const withoutKey = !adopting.some((write) => likeness(write)?.anyKey);
        await this.#match(found, adopting, {
          by: property,
          valueOf: (write) => likeness(write)?.value.toLowerCase(),
          find: (lookUp) => (isUnique ? findByUnique(this.#account, lookUp) : this.#search(lookUp, withoutKey)),
          more: adopting.flatMap((write) => likeness(write)?.whereEmpty ?? []),
          counts: (write, { id, properties }) => {
            const { anyKey, whereEmpty = '' } = likeness(write) ?? {};
            const [key, own] = [keyOf(write), properties[externalKeyProperty]];
            if (!anyKey && own && own !== key) return false;
            if (properties[whereEmpty] || (takenFor.get(id) ?? key) !== key) return false;
            takenFor.set(id, key);
            return true;
          },
        });
      }
    }
  }

  async #match(
    found: Map<RecordWrite, HubSpotRecord>, writes: readonly RecordWrite[],
    { by, valueOf, find, more = [], counts = () => true }: {
      by: string; valueOf: (write: RecordWrite) => string | undefined; find: (lookUp: LookUp) => Promise<HubSpotRecord[]>;
      more?: readonly string[]; counts?: (write: RecordWrite, record: HubSpotRecord) => boolean;
    },
  ): Promise<void> {
    if (writes.length === 0) return;
    const values = writes.flatMap((write) => valueOf(write) ?? []);
    const records = await find({ object: this.#object, property: by, values, properties: [...new Set([by, ...this.#properties, ...more])] });
    // The oldest comes first and is taken.
    const byValue = Map.groupBy(records.flatMap((record) => valuesOf(record, by).map((value) => ({ record, value }))), ({ value }) => value);
    for (const write of writes) {
      const match = byValue.get(valueOf(write) ?? '')?.find(({ record }) => counts(write, record));
      if (match) found.set(write, match.record);
    }
  }

  get #properties(): string[] {
    if (this.#object === 'contact') return [externalKeyProperty, furtherEmailsProperty, stageProperty];
    return this.#object === 'deal' ? [externalKeyProperty, 'pipeline', ...dealStatusProperties] : [externalKeyProperty, stageProperty];
  }

  async #search(lookUp: LookUp, withoutKey: boolean): Promise<HubSpotRecord[]> {
    const found: HubSpotRecord[] = [];
    for (const values of chunksOf(lookUp.values, searchedValues)) {
      found.push(...await findBySearch(this.#account, { ...lookUp, values }, { withoutKey, limit: hubSpotLimits.searchPageSize }));
    }
    return found;
  }
}

const likenessesOf = ({ target }: RecordWrite): readonly Likeness[] => ('key' in target ? target.adoptBy ?? [] : []);
const keyOf = ({ target }: RecordWrite): string => ('key' in target ? target.key : target.id);

/** By which values a record was found: keys and ids as they are, anything else in lower case; a contact by each of his addresses. */
function valuesOf({ id, properties }: HubSpotRecord, by: string): string[] {
  if (by === idProperty) return [id];
  if (by === externalKeyProperty) return [properties[by] ?? ''];
  const further = by === 'email' ? (properties[furtherEmailsProperty] ?? '').split(';') : [];
  return [properties[by] ?? '', ...further].map((value) => value.toLowerCase());
}
