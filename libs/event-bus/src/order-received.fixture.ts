import { orderReceived, type EventOf } from '@crossdock/contracts';
import { EventPublisher } from './outbox/event-publisher.ts';

export type OrderReceived = EventOf<typeof orderReceived>;

/** A tenant by its number. */
export function tenantOf(number: number): string {
  return `0198f000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

/** An event about a record, with its position among those of the record. */
export function orderEvent(record: string, position: number, tenantId = tenantOf(1), publisher = new EventPublisher('gateway', () => undefined)): OrderReceived {
  return publisher.envelope({ tenantId, correlationId: tenantId }, orderReceived, {
    subject: record,
    data: {
      vendor: 'woocommerce', connectionId: tenantOf(12), change: 'created', externalId: record,
      receivedAt: '2026-01-01T00:00:00.000Z', payload: { position },
    },
  });
}
