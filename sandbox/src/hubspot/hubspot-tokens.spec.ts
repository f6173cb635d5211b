import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { hubSpotBench, redirectUri, refusalOf, type HubSpotBench } from './hubspot.fixture.ts';

let bench: HubSpotBench;

beforeAll(async () => {
  bench = await hubSpotBench();
});
afterAll(async () => {
  await bench.stop();
});
beforeEach(async () => {
  await bench.clean();
});

describe('HubSpot tokens and limits', () => {
  it('exchanges a code once and refreshes as often as asked', async () => {
    const { portal, hubspot } = await bench.portalWithClient();
    const code = (await bench.approve(portal)).searchParams.get('code') ?? '';
    const exchange = () =>
      hubspot.oauth.tokensApi.create('authorization_code', code, redirectUri, portal.clientId, portal.clientSecret);
    const tokens = await exchange();
    expect(tokens).toMatchObject({ expiresIn: 1800, tokenType: 'bearer' });
    expect(await refusalOf(exchange())).toMatchObject({ code: 400, body: { status: 'BAD_AUTH_CODE' } });
    for (const _ of [1, 2]) {
      const refreshed = await hubspot.oauth.tokensApi.create(
        'refresh_token', undefined, undefined, portal.clientId, portal.clientSecret, tokens.refreshToken,
      );
      expect(refreshed.refreshToken).toBe(tokens.refreshToken);
      expect((await bench.clientFor(refreshed.accessToken).crm.deals.basicApi.getPage()).results).toEqual([]);
    }
  });

  it('refuses an expired token, takes a refreshed one, and refuses a revoked refresh token by status', async () => {
    const { portal, hubspot } = await bench.portalWithClient();
    const refresh = () =>
      hubspot.oauth.tokensApi.create('refresh_token', undefined, undefined, portal.clientId, portal.clientSecret, portal.refreshToken);
    await bench.control.addFault('hubspot', { kind: 'expire-token' });
    expect(await refusalOf(hubspot.crm.deals.basicApi.getPage())).toMatchObject({ code: 401, body: { category: 'EXPIRED_AUTHENTICATION' } });
    const { accessToken } = await refresh();
    await bench.control.addFault('hubspot', { kind: 'revoke-token', account: String(portal.portalId) });
    expect(await refusalOf(refresh())).toMatchObject({ code: 400, body: { status: 'BAD_REFRESH_TOKEN', error: 'invalid_grant' } });
    expect((await bench.clientFor(accessToken).crm.deals.basicApi.getPage()).results).toEqual([]);
  });

  it('refuses calls beyond the limit of a portal that has one, and says before how many are left', async () => {
    const { hubspot } = await bench.portalWithClient({ rateLimit: { max: 2, intervalMs: 60_000 } });
    const answer = await hubspot.apiRequest({ path: '/crm/v3/objects/deals' });
    expect(answer.headers.get('x-hubspot-ratelimit-remaining')).toBe('1');
    expect(answer.headers.get('x-hubspot-ratelimit-max')).toBe('2');
    await hubspot.crm.deals.basicApi.getPage();
    expect(await refusalOf(hubspot.crm.deals.basicApi.getPage())).toMatchObject({
      code: 429,
      body: { errorType: 'RATE_LIMIT', policyName: 'TEN_SECONDLY_ROLLING' },
    });
  });
});
