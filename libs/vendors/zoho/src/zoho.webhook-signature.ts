import { matchesAnySecret, parseWebhookJson, refuseWebhook, type WebhookVerdict } from '@crossdock/signed-webhook';
import { z } from 'zod';

/** Under which field a connection keeps the token that it gave to Zoho. */
export const zohoCredentials = { webhookSecret: 'webhook_secret' } as const;

const tokenSchema = z.object({ token: z.string().min(1) });

export interface ZohoWebhookRequest {
  readonly rawBody: Uint8Array;
  /** What the connection's channel was given as its token; while it is changed the old and the new one. */
  readonly tokens: readonly string[];
}

/**
 * Whether a notification comes from whom it says. Zoho signs nothing: all that proves it is the token of the channel,
 * which it gives back in the body. Whoever sees one notification can make others, so that they name records only.
 * Source: https://www.zoho.com/crm/developer/docs/api/v8/notifications/overview.html
 */
export function verifyZohoWebhook({ rawBody, tokens }: ZohoWebhookRequest): WebhookVerdict<'token_missing' | 'token_mismatch'> {
  const parsed = tokenSchema.safeParse(readJson(rawBody));
  if (!parsed.success) return refuseWebhook('token_missing');
  const given = Buffer.from(parsed.data.token, 'utf8');
  return matchesAnySecret(given, tokens, (token) => Buffer.from(token, 'utf8')) ? { valid: true } : refuseWebhook('token_mismatch');
}

/** A notification as it may be kept: without the token that proved it. What is no object holds none. */
export function withoutZohoToken(rawBody: Uint8Array): Buffer {
  const parsed = z.looseObject({}).safeParse(readJson(rawBody));
  if (!parsed.success) return Buffer.from(rawBody);
  const { token: _, ...others } = parsed.data;
  return Buffer.from(JSON.stringify(others));
}

/** A body that cannot be read proves nothing; it is not worth another answer than a wrong token. */
function readJson(rawBody: Uint8Array): unknown {
  try {
    return parseWebhookJson(rawBody, 'Zoho');
  } catch {
    return undefined;
  }
}
