export { WooCommerceClient, woocommerceCredentials, type WooCommerceOrder } from './woocommerce.client.ts';
export { toCanonicalOrder } from './woocommerce.mapping.ts';
export { isWooCommercePing, verifyWooCommerceWebhook, type WooCommerceWebhookRequest } from './woocommerce.webhook-signature.ts';
export { parseWooCommerceWebhook, type WooCommerceOrderChange } from './woocommerce.webhooks.ts';
