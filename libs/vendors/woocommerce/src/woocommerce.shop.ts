import { deterministicId, Failure } from '@crossdock/contracts';
import { z } from 'zod';

const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);
const settingsPointer = '/settings/shopUrl';
const settingsSchema = z.looseObject({ shopUrl: z.string().max(512) });

/** Whether an address is of this very machine, as it is in development. */
export function isOnThisMachine(address: string): boolean {
  return loopback.has(new URL(address).hostname);
}

/** What people know a shop by, as its owner says; the address is nobody's to read. @throws Failure `invalid` */
export function shopNameIn({ shopName }: Readonly<Record<string, unknown>>): string | undefined {
  if (shopName === undefined) return undefined;
  const name = z.string().trim().min(1).max(255).safeParse(shopName);
  if (!name.success) throw new Failure('invalid', 'WooCommerce: settings.shopName must be a name of at most 255 characters.', { pointer: '/settings/shopName' });
  return name.data;
}

/** The address of the shop that settings name. @throws Failure `invalid` */
export function shopAddressIn(settings: Readonly<Record<string, unknown>>): string {
  const parsed = settingsSchema.safeParse(settings);
  if (!parsed.success) throw new Failure('invalid', 'WooCommerce: settings.shopUrl must be the address of the shop.', { pointer: settingsPointer });
  return shopAddress(parsed.data.shopUrl, settingsPointer);
}

/**
 * The address of a shop without what does not belong to it. WooCommerce takes keys by Basic authentication over TLS only;
 * without it they would travel readable and be refused. A shop on this very machine is for development.
 * @param pointer where a caller gave the address. @throws Failure `invalid`
 */
export function shopAddress(address: string, pointer?: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || (url.protocol !== 'https:' && !isOnThisMachine(url.href))) {
    throw new Failure('invalid', 'The address of the WooCommerce shop must begin with https://.', pointer === undefined ? {} : { pointer });
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** What names a shop in the hub: a digest of its address, which itself is kept sealed. */
export function shopAccountId(address: string, pointer?: string): string {
  return deterministicId('woocommerce', shopAddress(address, pointer));
}
