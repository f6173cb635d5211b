/**
 * What WooCommerce allows and what we hold ourselves to.
 * Source: https://woocommerce.github.io/woocommerce-rest-api-docs/ (pagination, API version); the interface itself has
 * no rate limit, a shop's host may have one.
 */
export const woocommerceLimits = {
  apiPath: 'wp-json/wc/v3',
  maxPageSize: 100,
  /** Shops run on small hosts; a listing of a hundred orders can take its time. */
  timeoutMs: 30_000,
  maxResponseBytes: 16 * 1024 * 1024,
} as const;
