import { woocommerceWebhooks } from '@crossdock/vendor-woocommerce';
import { shopWebhooks } from '../shop-webhooks.ts';

/** What WooCommerce's shops tell of their orders. */
export const wooCommerceWebhooks = shopWebhooks('woocommerce', woocommerceWebhooks);
