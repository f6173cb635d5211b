export { WooCommerceAuthorisation } from './woocommerce.authorisation.ts';
export { woocommerceCredentials } from './woocommerce.credentials.ts';
export { woocommerceRateLimits } from './woocommerce.limits.ts';
export { WooCommerceOrderSource } from './woocommerce.order-source.ts';
export { woocommerceStatuses } from './woocommerce.statuses.ts';
export { checkWooCommerceWebhook } from './woocommerce.webhook-check.ts';
export { shopAccountId, shopAddress, shopNameIn } from './woocommerce.shop.ts';
export { woocommerceWebhooks } from './woocommerce.webhooks.ts';
