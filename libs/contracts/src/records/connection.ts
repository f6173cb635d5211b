import { z } from 'zod';

/** How a tenant's link to a vendor account stands. */
const connectionStates = [
  /** Authorised; the account is being set up. */
  'connecting',
  'healthy',
  /** Some of it works: the vendor does not answer, or a permission is missing. It may mend itself. */
  'degraded',
  /** Nothing works until a person connects the account again. Work for it rests. */
  'needs_reconnect',
  /** The tenant took it back. */
  'disconnected',
] as const;
export const connectionStateSchema = z.enum(connectionStates);
export type ConnectionState = (typeof connectionStates)[number];

/** Why a connection is not healthy: a closed set that programs branch on; people read the message beside it. */
const connectionReasonCodes = [
  /** The vendor refuses the stored authorisation. */
  'authorisation_refused',
  /** A renewal was cut off after the vendor may have exchanged the refresh token for one that never arrived. */
  'renewal_lost',
  /** A stored secret does not open: its key is missing, or it was changed. */
  'secret_unreadable',
  /** A call was answered 403. */
  'permission_missing',
  /** The set-up found that the account does not allow, or does not have, what all of the hub's work needs. */
  'account_limited',
  'vendor_unreachable',
  /** The tenant disconnected the account. */
  'disconnected',
] as const;
export const connectionReasonCodeSchema = z.enum(connectionReasonCodes);
export type ConnectionReasonCode = (typeof connectionReasonCodes)[number];
