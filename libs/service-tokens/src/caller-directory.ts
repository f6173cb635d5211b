import type { Principal } from './caller.ts';

/** Whether a tenant may be worked for: a suspended one is refused until it is resumed, a deleted one for good. */
export type TenantStanding = 'active' | 'suspended' | 'deleted';

/**
 * What the edge knows of callers beyond their tokens. Only the service that everybody calls has one; those behind it believe the
 * tenant that it names to them.
 */
export interface CallerDirectory {
  /** Whose key this is; nothing where there is no such key, or it holds no more. */
  ownerOfKey(key: string): Promise<Principal | undefined>;
  /** Whose domain this is, by its name in lower case without port; nothing for those of no tenant. */
  tenantOfDomain(domain: string): Promise<string | undefined>;
  standingOf(tenantId: string): Promise<TenantStanding>;
  /** Whether a person's session at the tenant was ended, although the token still holds. */
  isSessionOver(sessionId: string, tenantId: string): Promise<boolean>;
}
