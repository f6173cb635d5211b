import type { Connection, TokenRefresher, TokenSet } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import type { OutboundHttp } from '@crossdock/outbound-http';
import { z } from 'zod';
import { salesforceFailure } from './salesforce.errors.ts';
import { salesforceLimits } from './salesforce.limits.ts';

export interface SalesforceTokenRefresherOptions {
  readonly http: OutboundHttp;
  /** Such as `https://login.salesforce.com`, or `https://test.salesforce.com` for sandbox organisations. */
  readonly loginUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const answerSchema = z.object({
  access_token: z.string().min(1).max(4_096),
  refresh_token: z.string().min(1).max(4_096).optional(),
});

const refusalSchema = z.object({ error: z.string().max(100) });

/**
 * Renews access tokens of Salesforce organisations. The answer does not say how long a token lives (that is the
 * organisation's session timeout), so that it is used until Salesforce refuses it. Where the app rotates refresh
 * tokens, each works once and the new one is kept.
 * Source: https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_refresh_token_flow.htm
 */
export class SalesforceTokenRefresher implements TokenRefresher {
  readonly #options: SalesforceTokenRefresherOptions;

  constructor(options: SalesforceTokenRefresherOptions) {
    this.#options = options;
  }

  async refresh(connection: Connection, refreshToken: string): Promise<TokenSet> {
    const { http, loginUrl, clientId, clientSecret } = this.#options;
    const operation = 'oauth.refresh';
    const response = await http.send({
      vendor: 'salesforce', tenantId: connection.tenantId, connectionId: connection.id, operation,
      method: 'POST',
      url: `${loginUrl}/services/oauth2/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'refresh_token', client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken,
      }).toString(),
      timeoutMs: salesforceLimits.timeoutMs,
    });
    const answer = parseJson(response.text());
    if (response.status !== 200) throw refreshFailure(operation, response.status, answer);
    const parsed = answerSchema.safeParse(answer);
    if (!parsed.success) throw new Failure('unexpected', `Salesforce's answer to ${operation} is not as documented.`);
    const { access_token: accessToken, refresh_token: renewed } = parsed.data;
    return { accessToken, ...(renewed !== undefined && { refreshToken: renewed }) };
  }
}

/** Only a refused refresh token asks for a person; a wrong client secret is a fault of this installation. */
function refreshFailure(operation: string, status: number, answer: unknown): Failure {
  const refusal = refusalSchema.safeParse(answer);
  const error = refusal.success ? refusal.data.error : undefined;
  if (status === 400 && (error === 'invalid_grant' || error === 'inactive_user' || error === 'inactive_org')) {
    return new Failure('unauthorised', `Salesforce refuses the stored authorisation (${error}): it was revoked or has run out.`);
  }
  if (status < 500 && error !== undefined) {
    return new Failure('unexpected', `Salesforce refused ${operation} with ${status} (${error}). Check the app's client id and secret.`);
  }
  return salesforceFailure({ operation, status, body: '' });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
