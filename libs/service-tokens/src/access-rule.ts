import { SetMetadata, type CustomDecorator } from '@nestjs/common';

type Scopes = readonly [string, ...string[]];

/** Who may use a route: everybody, or holders of all the scopes, for one tenant or for the whole installation. */
export type AccessRule =
  | { readonly kind: 'public' }
  | { readonly kind: 'scopes'; readonly scopes: Scopes; readonly actsFor: 'tenant' | 'installation' };

export const accessRuleKey = 'crossdock:access-rule';

/** Opens a route, or all routes of a controller, to callers whose token holds every one of the scopes. */
export function RequireScope(...scopes: [string, ...string[]]): CustomDecorator {
  return SetMetadata(accessRuleKey, { kind: 'scopes', scopes, actsFor: 'tenant' } satisfies AccessRule);
}

/**
 * Opens a route to operators: callers who hold every one of the scopes and are bound to no tenant. Such a route acts
 * for the whole installation and runs without a tenant context.
 */
export function RequireOperatorScope(...scopes: [string, ...string[]]): CustomDecorator {
  return SetMetadata(accessRuleKey, { kind: 'scopes', scopes, actsFor: 'installation' } satisfies AccessRule);
}

/** Opens a route, or all routes of a controller, to everybody: for what carries its own proof, such as a signed webhook. */
export function Public(): CustomDecorator {
  return SetMetadata(accessRuleKey, { kind: 'public' } satisfies AccessRule);
}
