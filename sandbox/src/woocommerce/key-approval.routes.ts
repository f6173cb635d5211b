import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { backTo, pageRefusal } from '../authorization/authorization-page.ts';
import type { Consent } from '../authorization/consent.ts';
import { read } from '../request-bodies.ts';
import type { VendorRefusal } from '../vendor-refusal.ts';
import type { ShopPath } from './shop-session.ts';
import type { Shops } from './shops.ts';

const approvalSchema = z.object({
  app_name: z.string().min(1),
  scope: z.enum(['read', 'write', 'read_write']),
  user_id: z.string().min(1),
  return_url: z.url(),
  callback_url: z.url(),
});

const callbackTimeoutMs = 60_000;
const accessDenied = (reason: string): VendorRefusal => pageRefusal(401, `Error: ${reason}.`);

/**
 * The page on which a shop's owner approves a key for an app. The key goes to the app by a call of its own, which must be
 * answered with exactly 200, or the key is deleted again; the owner comes back with `success` and the app's `user_id`.
 * Source: woocommerce/woocommerce, includes/class-wc-auth.php
 */
export function registerKeyApproval(app: FastifyInstance, shops: Shops, consent: Consent): void {
  app.get<ShopPath>('/:shop/wc-auth/v1/authorize', async (request, reply) => {
    const shop = shops.byName.get(request.params.shop);
    if (shop === undefined) throw pageRefusal(404, 'There is no such site.');
    const query = read(approvalSchema, request.query, (path) => accessDenied(`Missing parameter ${path}`));
    const callback = new URL(query.callback_url);
    // WooCommerce takes https alone; a stand-in on this machine cannot, and lets its own host pass.
    if (callback.protocol !== 'https:' && callback.hostname !== '127.0.0.1') throw accessDenied('The callback_url needs to be over SSL');
    const back = (success: string): string => backTo(query.return_url, { success, user_id: query.user_id });
    if (consent.answer.decision === 'deny') return await reply.redirect(back('0'), 302);
    const key = shop.makeKey(query.scope);
    const { id, consumerKey, consumerSecret, permissions } = key;
    const sent = await post(callback, { key_id: id, user_id: query.user_id, consumer_key: consumerKey, consumer_secret: consumerSecret, key_permissions: permissions });
    if (sent !== 200) {
      shop.keys.delete(consumerKey);
      throw accessDenied('An error occurred in the request and at the time were unable to send the consumer data');
    }
    return await reply.redirect(back('1'), 302);
  });
}

/** The status of the answer, or undefined when there was none. */
async function post(url: URL, key: Record<string, unknown>): Promise<number | undefined> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json;charset=UTF-8' },
      body: JSON.stringify(key),
      signal: AbortSignal.timeout(callbackTimeoutMs),
      redirect: 'manual',
    });
    return answer.status;
  } catch {
    return undefined;
  }
}
