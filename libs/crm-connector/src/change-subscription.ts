import { timestampSchema } from '@crossdock/contracts';
import { z } from 'zod';
/** Where a vendor is to tell of changes in one account. */
export interface ChangeTarget {
  /** The gateway's address for this connection's webhooks. */
  readonly url: string;
  /** Kept sealed with the connection; the vendor repeats it, or signs with it, so that the gateway believes what comes. */
  readonly secret: string;
}

/** How the hub hears of changes in an account. */
export const changeSubscriptionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('account'), endsAt: timestampSchema.exactOptional() }).describe('The account tells of them until `endsAt`, or for good where that is absent.'),
  z.object({ kind: z.literal('app') }).describe('The vendor knows one address for all accounts, which whoever runs the hub has set at the vendor.'),
  z.object({ kind: z.literal('stream') }).describe('The hub keeps a line open to the account, which tells of changes over it.'),
  z.object({ kind: z.literal('none'), reason: z.string() }).describe('Nobody tells of changes; `reason` says to the tenant’s administrator why, in a sentence.'),
]);
export type ChangeSubscription = z.infer<typeof changeSubscriptionSchema>;
