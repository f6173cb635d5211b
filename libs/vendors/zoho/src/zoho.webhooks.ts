import { Failure } from '@crossdock/contracts';
import { parseWebhookJson } from '@crossdock/signed-webhook';
import { z } from 'zod';

/** One record of which Zoho says that something happened; what it is now must be fetched. */
export interface ZohoTouch {
  /** Same for every delivery of the same notification: Zoho gives no id of its own. */
  readonly dedupeId: string;
  readonly object: 'contact' | 'company' | 'deal';
  readonly externalId: string;
  readonly change: 'created' | 'changed' | 'deleted';
  /** ISO 8601 UTC with milliseconds. */
  readonly occurredAt: string;
}

const bodySchema = z.object({
  server_time: z.int().min(0).max(8_640_000_000_000_000),
  module: z.string().max(100),
  ids: z.array(z.union([z.int(), z.string().regex(/^[0-9]+$/)]).transform(String)).min(1).max(500),
  operation: z.enum(['insert', 'update', 'delete']),
  channel_id: z.union([z.int(), z.string().max(30)]).transform(String),
});

const objects: Readonly<Record<string, ZohoTouch['object']>> = { Contacts: 'contact', Accounts: 'company', Deals: 'deal' };
const changes = { insert: 'created', update: 'changed', delete: 'deleted' } as const;

/**
 * Reads the body of a verified notification. Records of modules that the hub does not follow are left out.
 * @throws Failure `invalid` where the body is not what Zoho documents; it is kept then, not dropped.
 */
export function parseZohoWebhook(rawBody: Uint8Array): ZohoTouch[] {
  const parsed = bodySchema.safeParse(parseWebhookJson(rawBody, 'Zoho'));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Failure('invalid', `The Zoho notification is not as documented: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
  }
  const { server_time: serverTime, module, ids, operation, channel_id: channelId } = parsed.data;
  const object = objects[module];
  if (!object) return [];
  return [...new Set(ids)].map((externalId) => ({
    dedupeId: JSON.stringify([channelId, serverTime, operation, module, externalId]),
    object,
    externalId,
    change: changes[operation],
    occurredAt: new Date(serverTime).toISOString(),
  }));
}
