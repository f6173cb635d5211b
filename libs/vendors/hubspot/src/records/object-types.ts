import type { AuthorisedCall } from '@crossdock/crm-connector';
import type { CrmObject } from '@crossdock/contracts';
import type { HubSpotApi } from '../hubspot.api.ts';

interface ObjectType {
  /** HubSpot's name of it in addresses. */
  readonly type: 'contacts' | 'companies' | 'deals';
  /** Moves with each change of any property, HubSpot's own included. */
  readonly modifiedProperty: 'lastmodifieddate' | 'hs_lastmodifieddate';
  /** What its records name. */
  readonly names: readonly CrmObject[];
}

export const objectTypes: Readonly<Record<CrmObject, ObjectType>> = {
  contact: { type: 'contacts', modifiedProperty: 'lastmodifieddate', names: ['company'] },
  company: { type: 'companies', modifiedProperty: 'hs_lastmodifieddate', names: [] },
  deal: { type: 'deals', modifiedProperty: 'hs_lastmodifieddate', names: ['company', 'contact'] },
};

/** The ids of the records that have gone into this one by merges. */
export const mergedIdsProperty = 'hs_merged_object_ids';

/** One account, for the length of one call of the connector. */
export interface HubSpotAccount {
  readonly api: HubSpotApi;
  readonly connection: AuthorisedCall['connection'];
  readonly signal: AbortSignal;
}

export const callOf = ({ connection, signal }: HubSpotAccount, operation: string): AuthorisedCall => ({ connection, signal, operation });
