import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { OperatorScopeName, TenantScopeName } from './scopes.ts';

/** Who may use a route: everybody, or holders of all the scopes, for one tenant or for the whole installation. */
export type AccessRule =
  | { readonly kind: 'public' }
  | { readonly kind: 'scopes'; readonly scopes: readonly (TenantScopeName | OperatorScopeName)[]; readonly actsFor: 'tenant' | 'installation' };

export const accessRuleKey = 'crossdock:access-rule';

/** Opens a route, or all routes of a controller, to callers whose token holds every one of the scopes. */
export function RequireScope(...scopes: [TenantScopeName, ...TenantScopeName[]]): CustomDecorator {
  return SetMetadata(accessRuleKey, { kind: 'scopes', scopes, actsFor: 'tenant' } satisfies AccessRule);
}

/** Opens a route to every caller of a tenant, whatever their scopes: for what asks field by field which it takes. */
export function RequireCaller(): CustomDecorator {
  return SetMetadata(accessRuleKey, { kind: 'scopes', scopes: [], actsFor: 'tenant' } satisfies AccessRule);
}

/**
 * Opens a route to operators: callers who hold every one of the scopes and are bound to no tenant. Such a route acts
 * for the whole installation and runs without a tenant context.
 */
export function RequireOperatorScope(...scopes: [OperatorScopeName, ...OperatorScopeName[]]): CustomDecorator {
  return SetMetadata(accessRuleKey, { kind: 'scopes', scopes, actsFor: 'installation' } satisfies AccessRule);
}

/** Opens a route, or all routes of a controller, to everybody: for what carries its own proof, such as a signed webhook. */
export function Public(): CustomDecorator {
  return SetMetadata(accessRuleKey, { kind: 'public' } satisfies AccessRule);
}
