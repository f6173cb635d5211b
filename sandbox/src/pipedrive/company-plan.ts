/** What a plan of Pipedrive allows, by its published table of September 2026. */
export interface CompanyPlan {
  /** Daily tokens are 30,000 times this for each seat. */
  multiplier: number;
  /** Calls in two seconds under an API token and under an app's token. */
  apiTokenBurst: number;
  appBurst: number;
}

export const companyPlans = {
  lite: { multiplier: 1, apiTokenBurst: 20, appBurst: 80 },
  growth: { multiplier: 2, apiTokenBurst: 40, appBurst: 160 },
  premium: { multiplier: 5, apiTokenBurst: 100, appBurst: 400 },
  ultimate: { multiplier: 7, apiTokenBurst: 120, appBurst: 480 },
} as const satisfies Record<string, CompanyPlan>;
export type PlanName = keyof typeof companyPlans;

export const baseTokens = 30_000;
export const burstWindowMs = 2_000;
/** Search has a burst limit of its own, the same in every plan. */
export const searchBurst = 10;

/** Scopes that an app may ask for and this stand-in holds calls to. */
export const knownScopes = [
  'base', 'deals:read', 'deals:full', 'contacts:read', 'contacts:full', 'search:read', 'users:read', 'recents:read', 'admin', 'deal-fields:full', 'contact-fields:full',
] as const;
export type Scope = (typeof knownScopes)[number];
