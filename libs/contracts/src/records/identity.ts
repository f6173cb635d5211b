import { z } from 'zod';

/**
 * What a person may do in a tenant, from the least to the most. A `viewer` reads, an `editor` also works with records, an
 * `admin` also manages connections, people and how they sign on.
 */
const personRoles = ['viewer', 'editor', 'admin'] as const;
export const personRoleSchema = z.enum(personRoles);
export type PersonRole = z.infer<typeof personRoleSchema>;

/** Why a person's session is over. */
const sessionEndReasons = [
  /** The person signed out. */
  'signed_out',
  /** The person or an administrator ended it from the list of sessions. */
  'revoked',
  /** The identity provider said that the person signed out there. */
  'provider_logout',
  /** A refresh token was used twice: somebody else may have it. */
  'refresh_reused',
  /** The person was removed, switched off, or lost every role. */
  'person_removed',
  /** Nobody used it for too long, or its longest time is over. */
  'expired',
] as const;
export const sessionEndReasonSchema = z.enum(sessionEndReasons);
export type SessionEndReason = z.infer<typeof sessionEndReasonSchema>;
