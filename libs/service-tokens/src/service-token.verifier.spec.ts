import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { base64url, decodeJwt, SignJWT } from 'jose';
import { publicPartOf } from './es256-key.ts';
import { newKey, startIssuer, type IssuerFixture } from './issuer.fixture.ts';
import { ServiceTokenVerifier, TokenRefused } from './service-token.verifier.ts';

const tenantA = '018f3f5e-7c1a-7d1e-9a55-000000000001';

describe('the check of a service token', () => {
  let issuer: IssuerFixture;
  let verifier: ServiceTokenVerifier;

  beforeEach(async () => {
    issuer = await startIssuer();
    verifier = new ServiceTokenVerifier({ issuerUrl: issuer.url, audience: 'orders' });
  });

  afterEach(() => issuer.stop());

  async function refusalOf(token: string): Promise<string> {
    const thrown: unknown = await verifier.verify(token).then(() => 'accepted', (error: unknown) => error);
    return thrown instanceof TokenRefused ? thrown.message : `not refused: ${String(thrown)}`;
  }

  it('gives the claims of a token that holds', async () => {
    const claims = await verifier.verify(await issuer.sign({ claims: { tenant: tenantA, scope: 'orders:read' } }));
    expect(claims).toMatchObject({ sub: 'gateway', scope: 'orders:read', tenant: tenantA });
  });

  it('refuses a token that is not signed at all', async () => {
    const [, payload = ''] = (await issuer.sign()).split('.');
    for (const alg of ['none', 'None', 'NONE']) {
      const header = base64url.encode(JSON.stringify({ alg, typ: 'at+jwt', kid: 'first' }));
      expect(await refusalOf(`${header}.${payload}.`)).toMatch(/not signed with ES256|malformed/);
    }
  });

  it('refuses a token signed with the public key as if it were a shared secret', async () => {
    const claims = decodeJwt(await issuer.sign());
    const secret = new TextEncoder().encode(JSON.stringify(publicPartOf(issuer.key)));
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'first' }).sign(secret);
    expect(await refusalOf(token)).toBe('The token is not signed with ES256.');
  });

  it('refuses a token that brings its own key', async () => {
    const attacker = await newKey('first');
    const token = await issuer.sign({ key: attacker, header: { jwk: publicPartOf(attacker), jku: 'http://127.0.0.1:1/keys' } });
    expect(await refusalOf(token)).toBe("The token's signature is wrong.");
  });

  it.each([
    ['another issuer', { claims: { iss: 'https://auth.invalid' } }, 'iss'],
    ['another service as audience', { claims: { aud: 'shipping' } }, 'aud'],
    ['no audience', { without: ['aud'] }, 'aud'],
    ['a start in the future', { claims: { nbf: Math.floor(Date.now() / 1_000) + 120 } }, 'nbf'],
    ['no token id', { without: ['jti'] }, 'jti'],
  ])('refuses a token with %s', async (_fault, parts, claim) => {
    expect(await refusalOf(await issuer.sign(parts))).toBe(`The token's "${claim}" is missing or wrong.`);
  });

  it('refuses a JWT of another kind that the issuer signed', async () => {
    expect(await refusalOf(await issuer.sign({ header: { typ: 'JWT' } }))).toBe(`The token's "typ" is missing or wrong.`);
  });

  it('refuses an expired token, yet forgives clocks that are half a minute apart', async () => {
    expect(await refusalOf(await issuer.sign({ expiresInSeconds: -31 }))).toBe('The token has expired.');
    await expect(verifier.verify(await issuer.sign({ expiresInSeconds: -20 }))).resolves.toMatchObject({ sub: 'gateway' });
  });

  it('refuses a token whose tenant is no tenant id', async () => {
    expect(await refusalOf(await issuer.sign({ claims: { tenant: '*' } }))).toBe('The token lacks a claim of a service token.');
  });

  it('refuses whatever else stands in the place of a token, without a fault of its own', async () => {
    const [header = '', payload = '', signature = ''] = (await issuer.sign()).split('.');
    const part = fc.oneof(fc.string(), fc.base64String(), fc.json().map((json) => base64url.encode(json)), fc.constantFrom(header, payload, signature));
    await fc.assert(fc.asyncProperty(fc.array(part, { maxLength: 4 }).map((parts) => parts.join('.')), async (token) => {
      if (token === `${header}.${payload}.${signature}`) return;
      expect(await refusalOf(token)).not.toMatch(/^not refused/);
    }), { numRuns: 200 });
  });

  it('reads the keys once for many tokens and accepts a key that was published before its first use', async () => {
    const next = await newKey('next');
    issuer.published = [issuer.key, next];
    await verifier.verify(await issuer.sign());
    await verifier.verify(await issuer.sign({ key: next }));
    expect(issuer.jwksReads).toBe(1);
  });

  it('reads the keys again for an unknown one, but not for every forged key id', async () => {
    verifier = new ServiceTokenVerifier({ issuerUrl: issuer.url, audience: 'orders', jwksCooldownMs: 0 });
    await verifier.verify(await issuer.sign());
    const next = await newKey('next');
    issuer.published = [issuer.key, next];
    await verifier.verify(await issuer.sign({ key: next }));
    expect(issuer.jwksReads).toBe(2);

    const patient = new ServiceTokenVerifier({ issuerUrl: issuer.url, audience: 'orders' });
    const forged = await newKey('forged');
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await expect(patient.verify(await issuer.sign({ key: forged }))).rejects.toThrow('unknown key');
    }
    expect(issuer.jwksReads).toBe(3);
  });

  it('says that it cannot check, rather than refuse, while the keys cannot be read', async () => {
    const token = await issuer.sign();
    await issuer.stop();
    await expect(verifier.verify(token)).rejects.toMatchObject({ name: 'Failure', kind: 'transient' });
  });
});
