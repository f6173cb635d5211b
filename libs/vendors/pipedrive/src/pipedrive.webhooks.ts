import { Failure } from '@crossdock/contracts';
import { parseWebhookJson } from '@crossdock/signed-webhook';
import { z } from 'zod';

/** Where the password of a connection's webhooks is kept in the vault. */
export const pipedriveCredentials = { webhookSecret: 'webhook_secret' } as const;

/** One record of which Pipedrive says that something happened; what it is now must be fetched. */
export interface PipedriveTouch {
  /** Same for every attempt to deliver the same event to the same webhook. */
  readonly dedupeId: string;
  readonly object: 'contact' | 'company' | 'deal';
  readonly externalId: string;
  readonly change: 'created' | 'changed' | 'deleted' | 'merged';
  /** ISO 8601 UTC with milliseconds. */
  readonly occurredAt: string;
}

const id = z.union([z.string().min(1).max(100), z.int().transform(String)]);

const bodySchema = z.object({
  meta: z.object({
    id: z.string().min(1).max(100),
    webhook_id: id,
    entity: z.string().max(50),
    entity_id: id,
    action: z.enum(['create', 'change', 'delete']),
    timestamp: z.iso.datetime({ offset: true }),
    merged_to_id: id.nullish(),
    merged_from_id: id.nullish(),
  }),
});
type Meta = z.infer<typeof bodySchema>['meta'];

const objects: Readonly<Record<string, PipedriveTouch['object']>> = { deal: 'deal', person: 'contact', organization: 'company' };
const changes = { create: 'created', change: 'changed', delete: 'deleted' } as const;

/**
 * Reads the body of a verified webhook of version 2. Events about objects that the hub does not follow are left out. A
 * merge comes as the deletion of the record that is gone and the change of the one that stays.
 * @throws Failure `invalid` where the body is not what Pipedrive documents; it is kept then, not dropped.
 */
export function parsePipedriveWebhook(rawBody: Uint8Array): PipedriveTouch[] {
  const parsed = bodySchema.safeParse(parseWebhookJson(rawBody, 'Pipedrive'));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Failure('invalid', `The Pipedrive webhook is not as version 2 documents it: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
  }
  const { meta } = parsed.data;
  const object = objects[meta.entity];
  if (!object) return [];
  return [{
    dedupeId: JSON.stringify([meta.id, meta.webhook_id]),
    object,
    externalId: meta.entity_id,
    change: changeOf(meta),
    occurredAt: new Date(meta.timestamp).toISOString(),
  }];
}

function changeOf({ action, merged_to_id: mergedTo, merged_from_id: mergedFrom }: Meta): PipedriveTouch['change'] {
  return (mergedTo ?? mergedFrom) === undefined || (mergedTo ?? mergedFrom) === null ? changes[action] : 'merged';
}
