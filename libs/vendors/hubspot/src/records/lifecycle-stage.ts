import type { ObjectDescription } from '@crossdock/contracts';

/** HubSpot keeps a person's or company's stage here; it is not moved back by a plain write (docs/vendors/hubspot.md). */
export const stageProperty = 'lifecyclestage';

/**
 * Whether HubSpot would leave the stage as it is, because the wanted one comes before it in the account's list: then it has to be
 * emptied first, by a write of its own.
 */
export function mustEmptyFirst({ fields }: ObjectDescription, present: string | null | undefined, wanted: string | undefined): boolean {
  if (!present || !wanted) return false;
  const stages = fields.find(({ name }) => name === stageProperty)?.options?.map(({ value }) => value) ?? [];
  return stages.indexOf(wanted) < stages.indexOf(present);
}
