import { describe, expect, it } from '@jest/globals';
import { clientAssertionType } from '@crossdock/service-tokens';
import { tenantA } from '../clients/client.fixture.ts';
import { parseTokenRequest } from './token-request.ts';

const form = 'application/x-www-form-urlencoded';
const good = {
  grant_type: 'client_credentials', client_assertion_type: clientAssertionType, client_assertion: 'a.b.c', audience: 'orders',
};

describe('a token request', () => {
  it('is read from a form, where empty and unknown parameters count as left out', () => {
    expect(parseTokenRequest(`${form}; charset=utf-8`, { ...good, scope: '', resource: 'x' })).toEqual({ clientAssertion: 'a.b.c', audience: 'orders' });
    expect(parseTokenRequest(form, { ...good, scope: 'orders:read  orders:write', tenant: tenantA.toUpperCase(), client_id: 'gateway' })).toEqual({
      clientAssertion: 'a.b.c', audience: 'orders', scopes: ['orders:read', 'orders:write'], tenantId: tenantA, clientId: 'gateway',
    });
  });

  it.each([
    ['sent as JSON', 'application/json', good, 'invalid_request'],
    ['sent without a content type', undefined, good, 'invalid_request'],
    ['empty', form, undefined, 'invalid_request'],
    ['with a parameter sent twice', form, { ...good, scope: ['orders:read', 'orders:write'] }, 'invalid_request'],
    ['with a huge assertion', form, { ...good, client_assertion: 'a'.repeat(5_000) }, 'invalid_request'],
    ['with a tenant that is no UUID', form, { ...good, tenant: '*' }, 'invalid_request'],
    ['without an audience', form, { ...good, audience: '' }, 'invalid_request'],
    ['of another grant type', form, { ...good, grant_type: 'password' }, 'unsupported_grant_type'],
    ['without an assertion', form, { ...good, client_assertion: '' }, 'invalid_client'],
    ['with another kind of assertion', form, { ...good, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' }, 'invalid_client'],
  ])('is refused when %s', (_fault, contentType, body, code) => {
    expect(() => parseTokenRequest(contentType, body)).toThrow(expect.objectContaining({ name: 'OAuthError', code }));
  });
});
