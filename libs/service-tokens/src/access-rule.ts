import { SetMetadata, type CustomDecorator } from '@nestjs/common';

/** Who may use a route: everybody, or holders of all the scopes. */
export type AccessRule = { readonly kind: 'public' } | { readonly kind: 'scopes'; readonly scopes: readonly [string, ...string[]] };

export const accessRuleKey = 'crossdock:access-rule';

/** Opens a route, or all routes of a controller, to callers whose token holds every one of the scopes. */
export function RequireScope(...scopes: [string, ...string[]]): CustomDecorator {
  return SetMetadata(accessRuleKey, { kind: 'scopes', scopes } satisfies AccessRule);
}

/** Opens a route, or all routes of a controller, to everybody: for what carries its own proof, such as a signed webhook. */
export function Public(): CustomDecorator {
  return SetMetadata(accessRuleKey, { kind: 'public' } satisfies AccessRule);
}
