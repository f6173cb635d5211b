import { chunksOf } from '@crossdock/crm-connector';
/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- the SDK's models are shapes that it serialises by name; its documents give them as literals, and its types hold them to the shape. */
import { asFailure, Failure, type CrmObject } from '@crossdock/contracts';
import { FilterOperatorEnum } from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import { guarded } from '../hubspot.answers.ts';
import { hubSpotLimits } from '../hubspot.limits.ts';
import { externalKeyProperty } from '../hubspot.mapping.ts';
import { callOf, objectTypes, type HubSpotAccount } from './object-types.ts';
import { hubSpotRecordsSchema, type HubSpotRecord } from './record-reading.ts';

/** What records are looked for by. */
export interface LookUp {
  readonly object: CrmObject;
  readonly property: string;
  readonly values: readonly string[];
  /** What is asked of the records that are found. */
  readonly properties: readonly string[];
}

/** By this property HubSpot finds records unless another one is named. */
export const idProperty = 'hs_object_id';

/** A contact's further addresses, by which HubSpot finds him too. */
export const furtherEmailsProperty = 'hs_additional_emails';

/**
 * Records by a property whose values are unique, as they are at this moment.
 * @throws Failure `dependency_missing` while the account has no property for the hub's keys: its set-up is not through yet.
 */
export async function findByUnique(account: HubSpotAccount, { object, property, values, properties }: LookUp): Promise<HubSpotRecord[]> {
  const [{ type }, found] = [objectTypes[object], new Map<string, HubSpotRecord>()];
  for (const chunk of chunksOf([...new Set(values)], hubSpotLimits.objectBatchSize)) {
    const answer = await account.api.objects(callOf(account, `${type}.batchRead`))
      .read(type, {
        ...(property !== idProperty && { idProperty: property }), properties: [...properties], propertiesWithHistory: [], inputs: chunk.map((id) => ({ id })),
      })
      .catch((thrown: unknown) => {
        const failure = asFailure(thrown);
        // Nothing but the property's name is said in this call that HubSpot could find wrong.
        throw failure.kind === 'invalid' && property === externalKeyProperty ? new Failure('dependency_missing', failure.message, { cause: failure }) : failure;
      });
    for (const record of guarded(hubSpotRecordsSchema, answer, `${type}.batchRead`).results) found.set(record.id, record);
  }
  return [...found.values()];
}

/**
 * Records by any property, the oldest first, as search knows them: moments late. HubSpot compares texts in lower case.
 * @param withoutKey only those that keep no key of the hub's
 */
export async function findBySearch(
  account: HubSpotAccount, { object, property, values, properties }: LookUp, { withoutKey, limit }: { readonly withoutKey: boolean; readonly limit: number },
): Promise<HubSpotRecord[]> {
  if (values.length === 0) return [];
  const { type } = objectTypes[object];
  const answer = await account.api.objectSearch(callOf(account, `${type}.search`)).doSearch(type, {
    filterGroups: [{
      filters: [
        { propertyName: property, operator: FilterOperatorEnum.In, values: [...new Set(values)] },
        ...(withoutKey ? [{ propertyName: externalKeyProperty, operator: FilterOperatorEnum.NotHasProperty }] : []),
      ],
    }],
    sorts: ['createdate'], properties: [...properties], limit, after: '0',
  });
  return guarded(hubSpotRecordsSchema, answer, `${type}.search`).results;
}

/** @throws Failure `transient` where the work takes longer than somebody waits for it. */
export async function within<Result>(ms: number, account: HubSpotAccount, work: (hurried: HubSpotAccount) => Promise<Result>): Promise<Result> {
  const deadline = AbortSignal.timeout(ms);
  try {
    return await work({ ...account, signal: AbortSignal.any([account.signal, deadline]) });
  } catch (thrown) {
    if (deadline.aborted && !account.signal.aborted) throw new Failure('transient', `HubSpot gave no answer within ${ms} ms.`, { cause: thrown });
    throw thrown;
  }
}
