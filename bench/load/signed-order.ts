import { createHmac } from 'node:crypto';

/** The order that the load is made of: like a small shop's, with two lines, and about 600 bytes as JSON. */
export function orderBody(id: number): string {
  return JSON.stringify({
    id, number: String(id), status: 'processing', currency: 'USD', total: '58.70', date_created_gmt: '2026-01-12T09:14:03', date_modified_gmt: '2026-01-12T09:14:07',
    billing: { first_name: 'Jordan', last_name: 'Rivera', company: '', email: `buyer-${id}@example.com`, phone: '+14155550132', country: 'US', city: 'San Francisco', postcode: '94105' },
    line_items: [
      { id: 1, name: 'Cold brew kit', sku: 'CB-KIT-02', quantity: 2, price: 14.5, total: '29.00' },
      { id: 2, name: 'House blend, whole beans', sku: 'HB-1000', quantity: 1, price: 29.7, total: '29.70' },
    ],
  });
}

/** A whole HTTP request as a shop sends it: the order in bytes, signed with the webhook's secret. */
export function signedOrderRequest({ path, secret, id }: { readonly path: string; readonly secret: string; readonly id: number }): Buffer {
  const body = orderBody(id);
  const signature = createHmac('sha256', secret).update(body).digest('base64');
  return Buffer.from([
    `POST ${path} HTTP/1.1`, 'Host: hub.example.com', 'User-Agent: WooCommerce/9.4.1 Hookshot (WordPress/6.7)', 'Accept: */*',
    'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, 'X-WC-Webhook-Source: https://shop.example.com/',
    'X-WC-Webhook-Topic: order.created', 'X-WC-Webhook-Resource: order', 'X-WC-Webhook-Event: created', `X-WC-Webhook-Delivery-ID: ${id}`,
    `X-WC-Webhook-Signature: ${signature}`, '', body,
  ].join('\r\n'));
}
