import { shippoLimits } from './shippo.limits.ts';

/** The value of `Authorization`: a token of OAuth is a bearer's, an API token has a scheme of Shippo's own. */
export function shippoAuthorization(token: string): string {
  return isOwnToken(token) ? `ShippoToken ${token}` : `Bearer ${token}`;
}

/** What Shippo counts differently. A token of OAuth opens a live account. */
export function isTestToken(token: string): boolean {
  return token.startsWith('shippo_test_');
}

/** Whether a token is one of those that people copy from Shippo's pages, and not one of OAuth (`oauth.…`). */
function isOwnToken(token: string): boolean {
  return token.startsWith('shippo_');
}

/** The headers of a call in the version that is pinned for all of them. */
export function shippoHeaders(token: string): Readonly<Record<string, string>> {
  return { authorization: shippoAuthorization(token), 'shippo-api-version': shippoLimits.apiVersion, accept: 'application/json' };
}
