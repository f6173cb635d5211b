import type { OrderStatus } from '@crossdock/contracts';

/**
 * Statuses of WooCommerce (`OrderStatus.php`) in canonical words. Drafts are orders that nobody has placed yet.
 * `shipped` is not WooCommerce's own, but what fulfilment plugins register by convention.
 */
export const woocommerceStatuses: Readonly<Record<string, OrderStatus>> = {
  'pending': 'pending', 'checkout-draft': 'pending', 'auto-draft': 'pending', 'draft': 'pending', 'new': 'pending',
  'on-hold': 'on_hold', 'processing': 'processing', 'ready-for-pickup': 'processing', 'shipped': 'shipped',
  'completed': 'completed', 'cancelled': 'cancelled', 'trash': 'cancelled', 'refunded': 'refunded', 'failed': 'failed',
};
