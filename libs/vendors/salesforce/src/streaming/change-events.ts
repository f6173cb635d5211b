import type { Connection } from '@crossdock/connections';
import type { CrmObject } from '@crossdock/contracts';
import type { HeardChanges, RecordRef } from '@crossdock/crm-connector';
import { z } from 'zod';
import { isOwnChange } from '../salesforce.client-name.ts';
import type { BayeuxMessage } from './bayeux.ts';

/** The channel of every type that an organisation has selected. */
export const changeEventChannel = '/data/ChangeEvents';

/** The types whose changes the hub follows. */
export const followedTypes = ['Account', 'Contact', 'Opportunity', 'OpportunityContactRole'] as const;

const objectOf: Readonly<Record<string, CrmObject>> = { Account: 'company', Contact: 'contact', Opportunity: 'deal' };

/** Ids are 15 or 18 characters long; that of no record stands where Salesforce names none. */
const recordIdSchema = z.string().regex(/^(?!0{15})\w{15}(\w{3})?$/);

const eventSchema = z.object({
  event: z.object({ replayId: z.int() }),
  payload: z.object({
    ChangeEventHeader: z.object({ entityName: z.string(), changeType: z.string(), recordIds: z.array(z.string()), changeOrigin: z.string().nullish() }),
    OpportunityId: recordIdSchema.nullish().catch(undefined),
  }),
});
type Payload = z.infer<typeof eventSchema>['payload'];

/**
 * What events tell of the hub's kinds of records. Only ids are read: an event holds the changed fields alone, in a form of its own.
 * What the connection's own calls changed is left out: it is known, and what the organisation made of it is for the next poll.
 * Source: https://developer.salesforce.com/docs/platform/change-data-capture/guide/cdc-message-structure.html
 */
export function heardIn(messages: readonly BayeuxMessage[], connection: Pick<Connection, 'id'>): HeardChanges {
  const touched = new Map<string, RecordRef>();
  let isIncomplete = false;
  let place: string | undefined;
  for (const { channel, data } of messages) {
    if (channel !== changeEventChannel) continue;
    const parsed = eventSchema.safeParse(data);
    if (!parsed.success) {
      isIncomplete = true;
      continue;
    }
    place = String(parsed.data.event.replayId);
    const { changeType, changeOrigin } = parsed.data.payload.ChangeEventHeader;
    if (!changeType.startsWith('GAP_') && isOwnChange(changeOrigin, connection)) continue;
    const refs = touchedBy(parsed.data.payload);
    if (refs === undefined) isIncomplete = true;
    for (const ref of refs ?? []) touched.set(`${ref.object}/${ref.id}`, ref);
  }
  return { touched: [...touched.values()], isIncomplete, ...(place !== undefined && { place }) };
}

/** @returns undefined where something changed that the event does not name. */
function touchedBy({ ChangeEventHeader: { entityName, changeType, recordIds }, OpportunityId: dealId }: Payload): RecordRef[] | undefined {
  // A role that is new names its opportunity; one that was changed or taken away does not.
  if (entityName === 'OpportunityContactRole') return dealId ? [{ object: 'deal', id: dealId }] : undefined;
  const object = objectOf[entityName];
  if (object === undefined) return [];
  const ids = recordIds.filter((id) => recordIdSchema.safeParse(id).success);
  return changeType === 'GAP_OVERFLOW' || ids.length < recordIds.length || ids.length === 0 ? undefined : ids.map((id) => ({ object, id }));
}
