import type { KeyApprovalFlow, KeyDelivery } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import { z } from 'zod';
import { woocommerceCredentials } from './woocommerce.credentials.ts';
import { woocommerceLimits } from './woocommerce.limits.ts';
import { isOnThisMachine, shopAddressIn } from './woocommerce.shop.ts';

/** What the shop shows as the name of the app that asks. */
const appName = 'Crossdock';
/** The one permission that the hub asks for. */
export const askedPermission = 'read_write';

const deliverySchema = z.object({
  user_id: z.string().min(1).max(512),
  consumer_key: z.string().regex(/^ck_\w{8,100}$/),
  consumer_secret: z.string().regex(/^cs_\w{8,100}$/),
  key_permissions: z.enum(['read', 'write', 'read_write']),
});
const returnSchema = z.object({ user_id: z.string().min(1), success: z.enum(['0', '1']) });

/**
 * Keys that the shop's owner approves on a page of the shop. The shop's server sends them to the hub, over TLS only, and
 * then the owner's browser comes back. Nothing signs what is sent: `user_id`, which is the authorisation's state, ties it to
 * the authorisation, and the keys are tried at the shop that was named at its beginning.
 * Source: woocommerce/woocommerce, includes/class-wc-auth.php
 */
export const woocommerceKeyApproval: KeyApprovalFlow = {
  approvalUrl({ returnUri, deliveryUri, state, settings }): URL {
    const shop = shopAddressIn(settings);
    // A shop beside the hub, for development, may be a stand-in that takes http.
    if (!deliveryUri.startsWith('https://') && !isOnThisMachine(shop)) {
      throw new Failure('invalid', 'The shop sends keys to https addresses only, and this installation has none: make keys in the shop’s pages and give them as credentials.');
    }
    const url = new URL(`${shop}/${woocommerceLimits.keyApprovalPath}`);
    url.search = new URLSearchParams({ app_name: appName, scope: askedPermission, user_id: state, return_url: returnUri, callback_url: deliveryUri }).toString();
    return url;
  },

  readDelivery(body): KeyDelivery | undefined {
    const parsed = deliverySchema.safeParse(body);
    if (!parsed.success) return undefined;
    const { user_id: state, consumer_key: key, consumer_secret: secret, key_permissions: permission } = parsed.data;
    const { consumerKey, consumerSecret } = woocommerceCredentials;
    return { state, credentials: { [consumerKey]: key, [consumerSecret]: secret }, grantedScopes: [permission] };
  },

  readReturn(parameters) {
    const parsed = returnSchema.safeParse(parameters);
    return parsed.success ? { state: parsed.data.user_id, isApproved: parsed.data.success === '1' } : undefined;
  },
};
