import { z } from 'zod';

export const wooCommerceShopSchema = z.object({
  shop: z.string().regex(/^[\w-]+$/),
  /** The site's clock against UTC; not zero by default, so that a local time taken for UTC is noticed. */
  utcOffsetMinutes: z.int().min(-720).max(840).default(120),
  currency: z.string().length(3).default('USD'),
  /** Statuses that a plug-in has added, such as `shipped`. */
  ownStatuses: z.array(z.string().regex(/^[a-z][a-z0-9-]{0,16}$/)).default([]),
  permissions: z.enum(['read', 'read_write']).default('read_write'),
});
export type WooCommerceShopInput = z.input<typeof wooCommerceShopSchema>;

export interface WooCommerceShopCreated {
  shop: string;
  /** The site's address; the REST interface is below it at `wp-json/wc/v3`. */
  siteUrl: string;
  consumerKey: string;
  consumerSecret: string;
}
