import type { EventPublisher } from '@crossdock/event-bus';
import { orderReceived, type EventOf } from '@crossdock/contracts';

/** A tenant of the benchmark by its number. */
export function tenantOf(number: number): string {
  return `0198f000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

const recordsOfTenant = 200;

/** A shop's order of about 600 bytes, about one of some hundred records of its tenant. */
export function orderEvent(publisher: EventPublisher, position: number, tenants: number): EventOf<typeof orderReceived> {
  const tenantId = tenantOf(position % tenants);
  const externalId = String(Math.floor(position / tenants) % recordsOfTenant);
  return publisher.envelope({ tenantId, correlationId: tenantId }, orderReceived, {
    subject: `woocommerce/order/${externalId}`,
    data: {
      vendor: 'woocommerce', connectionId: tenantId, change: 'updated', externalId, receivedAt: '2026-01-01T00:00:00.000Z',
      payload: {
        id: Number(externalId), status: 'processing', currency: 'USD', total: '29.35', position,
        billing: { first_name: 'Ada', last_name: 'Lovelace', address_1: '969 Market', city: 'San Francisco', state: 'CA', postcode: '94103', country: 'US' },
        line_items: [{ id: 315, name: 'Woo Single #1', product_id: 93, quantity: 2, subtotal: '6.00', total: '6.00', sku: '', price: 3 }],
      },
    },
  });
}
