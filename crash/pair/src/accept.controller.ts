import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { deterministicId, orderReceived } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { Public } from '@crossdock/service-tokens';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

const requestSchema = z.object({ requestId: z.uuid(), tenantId: z.uuid(), record: z.string().min(1) });
type AcceptRequest = z.infer<typeof requestSchema>;

/** Takes requests as the gateway takes webhooks: 200 means stored with its event in one transaction; the same request may come again. */
@Public()
@Controller('accept')
export class AcceptController {
  constructor(private readonly database: TenantDatabase, private readonly publisher: EventPublisher) {}

  @Post()
  @HttpCode(200)
  async accept(@Body() body: unknown): Promise<{ readonly sequence: number }> {
    const request = requestSchema.parse(body);
    const { tenantId, requestId } = request;
    const sequence = await tenantContext.run({ tenantId, correlationId: requestId }, () =>
      this.database.transaction(tenantId, (manager) => this.#accept(manager, request)));
    return { sequence };
  }

  /** The record's row is locked first, so that writers of one record, in whichever replica, follow one another. */
  async #accept(manager: EntityManager, { requestId, tenantId, record }: AcceptRequest): Promise<number> {
    await manager.query(
      `INSERT INTO record (tenant_id, record, last_sequence) VALUES ($1, $2, 0)
       ON CONFLICT (tenant_id, record) DO UPDATE SET last_sequence = record.last_sequence`, [tenantId, record]);
    const [known] = await manager.query<Array<{ sequence: number }>>('SELECT sequence FROM accepted WHERE request_id = $1', [requestId]);
    if (known) return known.sequence;

    const eventId = deterministicId('crash', requestId);
    const [accepted] = await manager.query<Array<{ sequence: number }>>(
      `WITH next AS (UPDATE record SET last_sequence = last_sequence + 1 WHERE tenant_id = $1 AND record = $2 RETURNING last_sequence)
       INSERT INTO accepted (request_id, tenant_id, record, sequence, event_id)
       SELECT $3, $1, $2, last_sequence, $4 FROM next RETURNING sequence`, [tenantId, record, requestId, eventId]);
    if (!accepted) throw new Error(`Record ${record} was not numbered.`);
    await this.publisher.publish(manager, orderReceived, {
      subject: `record/${record}`,
      id: eventId,
      data: {
        vendor: 'woocommerce', connectionId: tenantId, change: 'updated', externalId: record,
        receivedAt: new Date().toISOString(), payload: { sequence: accepted.sequence },
      },
    });
    return accepted.sequence;
  }
}
