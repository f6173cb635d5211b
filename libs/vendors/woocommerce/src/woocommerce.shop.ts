import { deterministicId, Failure } from '@crossdock/contracts';

const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * The address of a shop without what does not belong to it. WooCommerce takes keys by Basic authentication over TLS only;
 * without it they would travel readable and be refused. A shop on this very machine is for development.
 * @throws Failure `invalid`
 */
export function shopAddress(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || (url.protocol !== 'https:' && !loopback.has(url.hostname))) {
    throw new Failure('invalid', 'The address of the WooCommerce shop must begin with https://.');
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** What names a shop in the hub: a digest of its address, which itself is kept sealed. */
export function shopAccountId(address: string): string {
  return deterministicId('woocommerce', shopAddress(address));
}
