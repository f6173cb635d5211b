import { derivedFields } from '@crossdock/crm-connector';
import type { DealStatus, FieldValue } from '@crossdock/contracts';
import { toTimestamp } from '../hubspot.answers.ts';

type Properties = Readonly<Record<string, string | null | undefined>>;

/** What HubSpot is asked for to know whether a deal is decided; HubSpot works both flags out, in any pipeline. */
export const dealStatusProperties = ['hs_is_closed', 'hs_is_closed_won'] as const;

export function dealStatus(properties: Properties): DealStatus {
  if (properties['hs_is_closed_won'] === 'true') return 'won';
  return properties['hs_is_closed'] === 'true' ? 'lost' : 'open';
}

/** On an open deal HubSpot's close date is a forecast. */
const closedAt = (properties: Properties): FieldValue =>
  (dealStatus(properties) === 'open' ? null : toTimestamp(properties['closedate'] ?? undefined) ?? null);

/** Fields of a deal that no property has: what they are read from, and how. */
export const derivedDealFields: Readonly<Record<string, { readonly properties: readonly string[]; readonly read: (properties: Properties) => FieldValue }>> = {
  [derivedFields.dealStatus]: { properties: dealStatusProperties, read: dealStatus },
  [derivedFields.dealClosedAt]: { properties: [...dealStatusProperties, 'closedate'], read: closedAt },
};
