import { Failure } from '@crossdock/contracts';
import type { WebhookReading } from './webhook-source.ts';

/** What reading a body came to: what it says, or why it cannot be taken. */
export type BodyReading<Content> =
  | { readonly ok: true; readonly content: Content }
  | { readonly ok: false; readonly reading: Extract<WebhookReading, { outcome: 'malformed' | 'unreadable' }> };

/**
 * Reads a body whose signature holds. What is no JSON at all is the sender's fault and refused; JSON that does not fit
 * what the vendor documents may be a change of the vendor's and is kept.
 */
export function readVerifiedBody<Content>(rawBody: Buffer, parse: () => Content, tenantId?: string): BodyReading<Content> {
  try {
    return { ok: true, content: parse() };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (!isJson(rawBody)) return { ok: false, reading: { outcome: 'malformed', reason: 'The body is not JSON.' } };
    return { ok: false, reading: { outcome: 'unreadable', reason: error.message, ...(tenantId && { tenantId }) } };
  }
}

function isJson(rawBody: Buffer): boolean {
  try {
    JSON.parse(rawBody.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
