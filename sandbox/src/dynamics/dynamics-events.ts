import { randomUUID } from 'node:crypto';
import type { WebhookDeliveries } from '../webhooks/webhook-delivery.ts';
import type { Environment, WebhookRegistration } from './environments.ts';
import { webhooksFor } from './registered-webhooks.ts';
import type { RowChange } from './rows/rows.ts';

/** Dataverse waits a minute, and tries once more only where a gateway on the way answers. */
const timeoutMs = 60_000;
const retryDelaysMs = [5_000];
const triesAgain = new Set([502, 503, 504]);
/** Beyond this the body is sent without what the change was, and a header says so. */
const maxBodyBytes = 256 * 1_024;

/** Sends each change as the context of an execution; nothing is signed. */
export class DynamicsEvents {
  private readonly deliveries: WebhookDeliveries;

  constructor(deliveries: WebhookDeliveries) {
    this.deliveries = deliveries;
  }

  tell(environment: Environment, change: RowChange): void {
    for (const webhook of webhooksFor(environment, change)) this.deliver(environment, webhook, change);
  }

  private deliver(environment: Environment, webhook: WebhookRegistration, change: RowChange): void {
    const { logicalName } = change.row.table;
    const correlationId = randomUUID();
    const whole = Buffer.from(JSON.stringify(contextOf(environment, change, correlationId, true)));
    const isTooLarge = whole.length > maxBodyBytes;
    const body = isTooLarge ? Buffer.from(JSON.stringify(contextOf(environment, change, correlationId, false))) : whole;
    const url = new URL(webhook.url);
    if (webhook.auth.kind === 'key') url.searchParams.set('code', webhook.auth.value);
    this.deliveries.send({
      vendor: 'dynamics',
      account: environment.orgId,
      topic: `${logicalName}.${change.message}`,
      url: url.href,
      timeoutMs,
      retryDelaysMs,
      compose: () => ({
        body,
        headers: {
          'Content-Type': 'application/json; charset=utf-8',
          'x-ms-dynamics-organization': new URL(environment.url).host,
          'x-ms-dynamics-entity-name': logicalName,
          'x-ms-dynamics-request-name': change.message,
          'x-ms-correlation-request-id': correlationId,
          ...(isTooLarge && { 'x-ms-dynamics-msg-size-exceeded': 'true' }),
          ...(webhook.auth.kind === 'header' && { [webhook.auth.name]: webhook.auth.value }),
        },
      }),
      isDelivered: (status) => status !== null && status >= 200 && status < 300,
      mayRetry: (status) => status !== null && triesAgain.has(status),
    });
  }
}

function contextOf(environment: Environment, { message, row, written }: RowChange, correlationId: string, withChange: boolean): Record<string, unknown> {
  const date = `/Date(${String(Date.now())})/`;
  const attributes = Object.entries(written).map(([key, value]) => ({ key, value }));
  return {
    BusinessUnitId: environment.orgId, CorrelationId: correlationId, Depth: 1, InitiatingUserId: environment.userId,
    ...(withChange && { InputParameters: [{ key: 'Target', value: { Attributes: attributes, Id: row.id, LogicalName: row.table.logicalName } }] }),
    IsExecutingOffline: false, IsInTransaction: false, IsolationMode: 1, MessageName: message, Mode: 1, OperationCreatedOn: date, OperationId: randomUUID(),
    OrganizationId: environment.orgId, OrganizationName: environment.orgId.slice(0, 8), OutputParameters: [], ParentContext: null, PostEntityImages: [],
    PreEntityImages: [], PrimaryEntityId: row.id, PrimaryEntityName: row.table.logicalName, RequestId: null, SecondaryEntityName: 'none', SharedVariables: [],
    Stage: 40, UserId: environment.userId,
  };
}
