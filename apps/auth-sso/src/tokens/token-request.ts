import { z } from 'zod';
import { clientAssertionType, parseScope } from '@crossdock/service-tokens';
import { OAuthError } from './oauth-error.ts';

/** What a client asks for, and by which proof. */
export interface TokenRequest {
  readonly clientAssertion: string;
  readonly clientId?: string;
  readonly audience: string;
  /** Absent: all scopes the client has. */
  readonly scopes?: readonly string[];
  /** Absent: for any tenant. */
  readonly tenantId?: string;
}

const parameter = (maxLength: number) => z.string().max(maxLength).exactOptional();

const formSchema = z.object({
  grant_type: parameter(64),
  client_assertion_type: parameter(128),
  client_assertion: parameter(4_096),
  client_id: parameter(128),
  audience: parameter(128),
  scope: parameter(1_024),
  tenant: z.uuid('must be a UUID').exactOptional(),
});

/**
 * Reads the form of a token request. A parameter without a value counts as left out, an unknown one is ignored, and
 * one that is sent twice is refused (RFC 6749 §3.2).
 * @throws OAuthError
 */
export function parseTokenRequest(contentType: string | undefined, body: unknown): TokenRequest {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType ?? '')) {
    throw new OAuthError('invalid_request', 'The request must be a form (application/x-www-form-urlencoded).');
  }
  const given = Object.entries(z.record(z.string(), z.unknown()).parse(body ?? {})).filter(([, value]) => value !== '');
  const form = formSchema.safeParse(Object.fromEntries(given));
  if (!form.success) {
    const names = form.error.issues.map((issue) => String(issue.path[0]));
    throw new OAuthError('invalid_request', `Malformed, too long or sent twice: ${[...new Set(names)].join(', ')}.`);
  }
  const { grant_type, client_assertion_type, client_assertion, client_id, audience, scope, tenant } = form.data;
  if (grant_type === undefined) throw new OAuthError('invalid_request', 'The parameter grant_type is missing.');
  if (grant_type !== 'client_credentials') {
    throw new OAuthError('unsupported_grant_type', 'Only the grant type client_credentials is served.');
  }
  if (client_assertion === undefined || client_assertion_type !== clientAssertionType) {
    throw new OAuthError('invalid_client', `The client must prove itself by a client_assertion of type ${clientAssertionType}.`);
  }
  if (audience === undefined) throw new OAuthError('invalid_request', 'The parameter audience is missing: which service is the token for?');
  return {
    clientAssertion: client_assertion,
    audience,
    ...(client_id !== undefined && { clientId: client_id }),
    ...(scope !== undefined && { scopes: parseScope(scope) }),
    ...(tenant !== undefined && { tenantId: tenant.toLowerCase() }),
  };
}
