import { Failure } from '@crossdock/contracts';
import { parseWebhookJson } from '@crossdock/signed-webhook';
import { z } from 'zod';

/** Where the key of a connection's webhooks is kept in the vault. */
export const dynamicsCredentials = { webhookSecret: 'webhook_secret' } as const;

/** One row of which Dataverse says that something happened; what it is now must be fetched. */
export interface DynamicsTouch {
  /** The environment it happened in. */
  readonly organizationId: string;
  /** Same for every attempt to deliver the same execution of the same step. */
  readonly dedupeId: string;
  readonly object: 'contact' | 'company' | 'deal';
  readonly externalId: string;
  readonly change: 'created' | 'changed' | 'deleted' | 'merged' | 'associated';
  /** ISO 8601 UTC with milliseconds. */
  readonly occurredAt: string;
}

/** What is always in the context of an execution, also where Dataverse cut a body of more than 256 kB. */
const bodySchema = z.object({
  OrganizationId: z.uuid(),
  PrimaryEntityName: z.string().min(1).max(100),
  PrimaryEntityId: z.uuid(),
  MessageName: z.string().min(1).max(100),
  OperationId: z.uuid(),
  CorrelationId: z.uuid(),
  /** `/Date(1763712000000)/`, in some versions with an offset that says nothing new. */
  OperationCreatedOn: z.string().regex(/^\/Date\(-?\d{1,15}([+-]\d{4})?\)\/$/),
});

const objects: Readonly<Record<string, DynamicsTouch['object']>> = { opportunity: 'deal', contact: 'contact', account: 'company' };
const changes: Readonly<Record<string, DynamicsTouch['change']>> = {
  Create: 'created', Delete: 'deleted', Merge: 'merged', Associate: 'associated', Disassociate: 'associated',
};
const noOperation = '00000000-0000-0000-0000-000000000000';

/**
 * Reads the body of a verified webhook. Rows of tables that the hub does not follow are left out; messages other than
 * creation and deletion, such as `SetState`, `Win` and `Lose`, are changes.
 * @throws Failure `invalid` where the body is not what Microsoft documents; it is kept then, not dropped.
 */
export function parseDynamicsWebhook(rawBody: Uint8Array): DynamicsTouch[] {
  const parsed = bodySchema.safeParse(parseWebhookJson(rawBody, 'Dynamics'));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Failure('invalid', `The Dynamics webhook is no context of an execution as documented: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
  }
  const { PrimaryEntityName: table, PrimaryEntityId: externalId, MessageName: message, OperationId: operation, CorrelationId, OperationCreatedOn, OrganizationId } = parsed.data;
  const object = objects[table];
  if (!object) return [];
  return [{
    organizationId: OrganizationId,
    // A step that runs within the change has no operation of its own.
    dedupeId: JSON.stringify(operation === noOperation ? [CorrelationId, table, externalId, message] : [operation]),
    object,
    externalId,
    change: changes[message] ?? 'changed',
    occurredAt: new Date(Number(/-?\d+/.exec(OperationCreatedOn)?.[0])).toISOString(),
  }];
}
