import type { PersonRole } from '@crossdock/contracts';
import type { ProviderSettings } from '../providers/identity-provider.ts';

/**
 * The roles that a provider's signed word gives: its default role, and those of the claim's values that the tenant named.
 * A value that nobody named gives nothing, whatever it is called.
 */
export function rolesFromClaims(claims: Readonly<Record<string, unknown>>, { roleClaim, roleOfValue, defaultRole }: ProviderSettings): PersonRole[] {
  const claim = Object.hasOwn(claims, roleClaim) ? claims[roleClaim] : undefined;
  const values = Array.isArray(claim) ? claim : [claim];
  const named = values.flatMap((value: unknown) => {
    const role = typeof value === 'string' && Object.hasOwn(roleOfValue, value) ? roleOfValue[value] : undefined;
    return role === undefined ? [] : [role];
  });
  return [...new Set([...(defaultRole === undefined ? [] : [defaultRole]), ...named])].sort();
}
