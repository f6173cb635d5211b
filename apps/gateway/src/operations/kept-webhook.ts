import type { KeptDeadLetter } from '@crossdock/event-bus';
import type { IncomingWebhook, KeptWebhook } from '../ingest/webhook-source.ts';

/** Not a vendor's header: the connection that the webhook's address named. */
const connectionHeader = 'x-crossdock-connection';

/** What reading a body asks of its headers. Signatures, tokens and addresses of callers are not kept. */
const keptHeader = /^(content-type|x-(wc|hubspot|shippo)-(?!.*signature).*)$/;

/** The part of a webhook's headers that a dead letter keeps, so that it can be read again. */
export function headersToKeep({ headers, connectionId }: IncomingWebhook): Record<string, string> {
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    (keptHeader.test(name) && value !== undefined ? [[name, [value].flat().join(', ')] as const] : []));
  return { ...Object.fromEntries(kept), ...(connectionId !== undefined && { [connectionHeader]: connectionId }) };
}

/** A dead letter as the webhook it was. */
export function keptWebhookOf({ headers, body, createdAt }: KeptDeadLetter): KeptWebhook {
  return { headers, rawBody: body, connectionId: headers[connectionHeader], receivedAt: createdAt };
}
