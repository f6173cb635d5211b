export { WooCommerceAuthorisation } from './woocommerce.authorisation.ts';
export { WooCommerceClient, woocommerceCredentials, type WooCommerceOrder } from './woocommerce.client.ts';
export { woocommerceRateLimits } from './woocommerce.limits.ts';
export { toCanonicalOrder, woocommerceStatuses } from './woocommerce.mapping.ts';
export { checkWooCommerceWebhook } from './woocommerce.webhook-check.ts';
export { isWooCommercePing, verifyWooCommerceWebhook, type WooCommerceWebhookRequest } from './woocommerce.webhook-signature.ts';
export { shopAccountId, shopAddress } from './woocommerce.shop.ts';
export { parseWooCommerceWebhook, type WooCommerceOrderChange } from './woocommerce.webhooks.ts';
