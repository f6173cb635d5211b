import type { FaultAnswers } from '../fault-injection.ts';
import { VendorRefusal } from '../vendor-refusal.ts';

export const refusal = (status: number, code: string, message: string): VendorRefusal =>
  new VendorRefusal(status, { code, message, data: { status } });

export const noRoute = (): VendorRefusal =>
  refusal(404, 'rest_no_route', 'No route was found matching the URL and request method.');
export const cannotView = (): VendorRefusal =>
  refusal(401, 'woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.');
export const unknownKey = (): VendorRefusal =>
  refusal(401, 'woocommerce_rest_authentication_error', 'Consumer key is invalid.');
export const wrongSecret = (): VendorRefusal =>
  refusal(401, 'woocommerce_rest_authentication_error', 'Consumer secret is invalid.');
export const readOnlyKey = (): VendorRefusal =>
  refusal(401, 'woocommerce_rest_authentication_error', 'The API key provided does not have write permissions.');
export const writeOnlyKey = (): VendorRefusal =>
  refusal(401, 'woocommerce_rest_authentication_error', 'The API key provided does not have read permissions.');
export const unknownOrder = (): VendorRefusal =>
  refusal(404, 'woocommerce_rest_shop_order_invalid_id', 'Invalid ID.');
/** Read or changed; a deletion says 404 (class-wc-rest-webhooks-v1-controller.php). */
export const unknownWebhook = (status: 400 | 404): VendorRefusal =>
  refusal(status, 'woocommerce_rest_shop_webhook_invalid_id', status === 400 ? 'ID is invalid.' : 'Invalid ID.');
export const refundTooLarge = (): VendorRefusal =>
  refusal(500, 'woocommerce_rest_cannot_create_order_refund', 'Invalid refund amount.');

export const invalidParameter = (path: string, message: string): VendorRefusal =>
  new VendorRefusal(400, {
    code: 'rest_invalid_param',
    message: `Invalid parameter(s): ${path}`,
    data: { status: 400, params: { [path]: message } },
  });

/** WooCommerce itself has no rate limit: a 429 is the host's, with a page instead of JSON. */
export const wooCommerceFaultAnswers: FaultAnswers = {
  status: (status) => refusal(status, 'internal_server_error', 'There has been a critical error on this website.'),
  rateLimit: (retryAfterSeconds) =>
    new VendorRefusal(429, '<html><body><h1>429 Too Many Requests</h1></body></html>', {
      'content-type': 'text/html',
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    }),
};
