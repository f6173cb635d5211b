import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CallerResolver } from './caller-resolver.ts';
import { type IssuerFixture, newKey, startIssuer, type TokenParts } from './issuer.fixture.ts';
import { ServiceTokenVerifier } from './service-token.verifier.ts';
import { clientAddressHeader, toldClientAddress } from './told-client-address.ts';

const address = '203.0.113.9';
const claims = { aud: 'auth-sso', scope: 'tenant:any client-address:delegate' };

describe('the address that a request first came from', () => {
  let issuer: IssuerFixture;
  const told = (headers: Readonly<Record<string, string | readonly string[]>>): Promise<string | undefined> =>
    toldClientAddress({ headers }, new CallerResolver(new ServiceTokenVerifier({ issuerUrl: issuer.url, audience: 'auth-sso', jwksCooldownMs: 0 })));
  const bearer = async (token: TokenParts): Promise<string> => `Bearer ${await issuer.sign(token)}`;

  beforeAll(async () => {
    issuer = await startIssuer();
  });
  afterAll(() => issuer.stop());

  it.each([address, '2001:db8::7', '::ffff:203.0.113.9'])('is what the gateway says with its token: %s', async (said) => {
    expect(await told({ authorization: await bearer({ claims }), [clientAddressHeader]: said })).toBe(said);
  });

  it('is not what anybody else says: without a token, with a forged, expired or stolen one, or without the right', async () => {
    const tokens = await Promise.all([
      bearer({ claims, key: await newKey('first') }), bearer({ claims, expiresInSeconds: -60 }), bearer({ claims: { ...claims, aud: 'orders' } }), bearer({ claims: { ...claims, iss: 'http://elsewhere' } }),
      bearer({ claims: { ...claims, scope: 'tenant:any identity:read' } }),
    ]);
    const forged = [...tokens, 'Basic Z2F0ZXdheTo=', 'Bearer crossdock_00000000_guessed', ''];
    const answers = await Promise.all([{}, ...forged.map((authorization) => ({ authorization }))].map((headers) => told({ ...headers, [clientAddressHeader]: address, 'x-forwarded-for': address })));
    expect(answers).toEqual(Array<undefined>(forged.length + 1).fill(undefined));
  });

  it('is nothing where the gateway names none, several, or no address', async () => {
    const authorization = await bearer({ claims });
    expect(await Promise.all(['', 'unknown', `${address}, 10.0.0.1`, '203.0.113.9:4711', [address, address]].map((said) => told({ authorization, [clientAddressHeader]: said })))).toEqual(Array<undefined>(5).fill(undefined));
    expect(await told({ authorization })).toBeUndefined();
  });
});
