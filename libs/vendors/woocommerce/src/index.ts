export {
  WooCommerceClient, woocommerceCredentials,
  type OrderListing, type OrderPage, type OrderUpdate, type WooCommerceClientOptions, type WooCommerceOrder,
} from './woocommerce.client.ts';
export { woocommerceFailure } from './woocommerce.errors.ts';
export { woocommerceLimits } from './woocommerce.limits.ts';
export { toCanonicalOrder } from './woocommerce.mapping.ts';
export {
  isWooCommercePing, verifyWooCommerceWebhook, type WebhookRefusal, type WebhookVerdict, type WooCommerceWebhookRequest,
} from './woocommerce.webhook-signature.ts';
export { parseWooCommerceWebhook, type WooCommerceOrderChange } from './woocommerce.webhooks.ts';
