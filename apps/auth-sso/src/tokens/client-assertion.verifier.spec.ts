import { beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT, type JWTPayload } from 'jose';
import { publicPartOf, signClientAssertion, type Es256PrivateKey } from '@crossdock/service-tokens';
import { ClientRegistry } from '../clients/client-registry.ts';
import { newClient } from '../clients/client.fixture.ts';
import { verifyClientAssertion } from './client-assertion.verifier.ts';

const issuerUrl = 'https://auth.example';
const now = new Date('2026-01-01T12:00:00.000Z');
const nowSeconds = now.getTime() / 1_000;

describe("a client's assertion", () => {
  let clients: ClientRegistry;
  let privateJwk: Es256PrivateKey;
  let otherJwk: Es256PrivateKey;

  beforeAll(async () => {
    const gateway = await newClient();
    const other = await newClient({ clientId: 'orders' });
    clients = new ClientRegistry([gateway.client, other.client]);
    privateJwk = gateway.privateJwk;
    otherJwk = other.privateJwk;
  });

  const verify = (assertion: string) => verifyClientAssertion(assertion, { clients, issuerUrl, now });

  function sign(claims: JWTPayload = {}, key: Es256PrivateKey = privateJwk): Promise<string> {
    const payload = { iss: 'gateway', sub: 'gateway', aud: issuerUrl, jti: 'one', exp: nowSeconds + 60, ...claims };
    return new SignJWT(payload).setProtectedHeader({ alg: 'ES256' }).sign(key);
  }

  it('proves the client that signed it', async () => {
    const assertion = await signClientAssertion({ clientId: 'gateway', issuerUrl, privateJwk, now });
    const { client, assertionEndsAt } = await verify(assertion);
    expect(client.clientId).toBe('gateway');
    expect(assertionEndsAt).toEqual(new Date('2026-01-01T12:01:30.000Z'));
  });

  it('may be signed by the old key or the new one while both are registered, and by the new one alone afterwards', async () => {
    const { client, privateJwk: newJwk } = await newClient();
    const [byOld, byNew] = await Promise.all([sign(), sign({}, newJwk)]);
    const during = new ClientRegistry([{ ...client, previousPublicJwk: publicPartOf(privateJwk) }]);
    for (const assertion of [byOld, byNew]) {
      expect(await verifyClientAssertion(assertion, { clients: during, issuerUrl, now })).toMatchObject({ client: { clientId: 'gateway' } });
    }
    await expect(verifyClientAssertion(await sign({}, otherJwk), { clients: during, issuerUrl, now })).rejects.toMatchObject({ code: 'invalid_client' });
    const after = new ClientRegistry([client]);
    expect(await verifyClientAssertion(byNew, { clients: after, issuerUrl, now })).toMatchObject({ client: { clientId: 'gateway' } });
    await expect(verifyClientAssertion(byOld, { clients: after, issuerUrl, now })).rejects.toMatchObject({ code: 'invalid_client' });
  });

  it('is refused without a hint where the client is unknown or another key signed it', async () => {
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await sign()).split('.')[1]}.`;
    const secret = new TextEncoder().encode(JSON.stringify(publicPartOf(privateJwk)));
    const symmetric = await new SignJWT({ iss: 'gateway', sub: 'gateway', aud: issuerUrl, jti: 'one', exp: nowSeconds + 60 })
      .setProtectedHeader({ alg: 'HS256' }).sign(secret);
    for (const assertion of [await sign({ iss: 'nobody', sub: 'nobody' }), await sign({}, otherJwk), unsigned, symmetric, 'no token', '', 'a.b.c']) {
      await expect(verify(assertion)).rejects.toMatchObject({
        code: 'invalid_client', status: 401, message: 'The client assertion does not prove a known client.',
      });
    }
  });

  it.each<[string, JWTPayload, RegExp]>([
    ['the token endpoint as audience', { aud: `${issuerUrl}/oauth/token` }, /"aud" is missing or wrong/],
    ['a second audience', { aud: [issuerUrl, 'https://other.example'] }, /aud, jti or exp has the wrong form/],
    ['another subject', { sub: 'orders' }, /"sub" is missing or wrong/],
    ['an end in the past', { exp: nowSeconds - 31 }, /has expired/],
    ['an end far in the future', { exp: nowSeconds + 331 }, /valid for more than 300 s/],
    ['a start in the future', { nbf: nowSeconds + 31 }, /"nbf" is missing or wrong/],
    ['an empty id', { jti: '' }, /aud, jti or exp has the wrong form/],
    ['a huge id', { jti: 'x'.repeat(256) }, /aud, jti or exp has the wrong form/],
  ])('is refused with %s', async (_fault, claims, message) => {
    await expect(verify(await sign(claims))).rejects.toMatchObject({ code: 'invalid_client', message: expect.stringMatching(message) });
  });

  it('is refused without an id or an end', async () => {
    const { jti, exp } = { jti: 'one', exp: nowSeconds + 60 };
    for (const rest of [{ jti }, { exp }]) {
      const payload: JWTPayload = { iss: 'gateway', sub: 'gateway', aud: issuerUrl, ...rest };
      const assertion = await new SignJWT(payload).setProtectedHeader({ alg: 'ES256' }).sign(privateJwk);
      await expect(verify(assertion)).rejects.toMatchObject({ code: 'invalid_client' });
    }
  });
});
