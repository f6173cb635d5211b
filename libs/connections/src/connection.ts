import { connectionReasonCodeSchema, connectionStateSchema, vendorSchema } from '@crossdock/contracts';
import { z } from 'zod';

/** A tenant's link to one account at one vendor. */
export const connectionSchema = z.object({
  id: z.uuid(),
  tenantId: z.uuid(),
  vendor: vendorSchema,
  /** The account's unchanging name at the vendor: HubSpot portal id, Salesforce organisation id, Shippo account. */
  accountId: z.string().min(1).max(512),
  /** What people know the account by. */
  accountName: z.string().max(512).optional(),
  /** What the vendor's library and the services need to know; each reads its own part through a schema. Never a secret. */
  settings: z.record(z.string(), z.unknown()),
  /** Where the account's interface is reached, if that is the tenant's own address. Sealed where it is stored. */
  endpoint: z.url().optional(),
  state: connectionStateSchema,
  /** For programs: why it is in this state. */
  stateCode: connectionReasonCodeSchema.optional(),
  /** For the tenant's administrator: why it is in this state and what to do. */
  stateReason: z.string().optional(),
  stateSince: z.date(),
});
export type Connection = z.infer<typeof connectionSchema>;

/** A connection without the tenant's own address. */
export type UnopenedConnection = Omit<Connection, 'endpoint'>;

export type NewConnection = Pick<Connection, 'tenantId' | 'vendor' | 'accountId'>
  & Partial<Pick<Connection, 'id' | 'accountName' | 'settings' | 'endpoint' | 'state'>>;
