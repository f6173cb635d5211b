import { randomBytes } from 'node:crypto';
import { hashOf, type CarriedSecret } from './carried-secret.ts';

/**
 * The `__Host-` prefix binds a cookie to one host and to TLS (RFC 6265bis §4.1.3.2), so that no neighbouring domain can
 * plant one.
 */
const prefix = '__Host-crossdock-';

/** Names of the cookies of sign-on. */
export const cookieNames = {
  /** Tells one browser from another, for the few minutes of a sign-on. */
  browser: `${prefix}browser`,
  /** The session's key at an application; it changes with each use. */
  session: `${prefix}session`,
  /** The session's key at the sign-on host, one for each tenant. */
  signOn: (tenantId: string): string => `${prefix}sign-on-${tenantId}`,
} as const;

interface CookieOptions {
  readonly maxAgeSeconds: number;
  /** `Strict` is not sent when another site leads here; what must survive the way back from a provider is `Lax`. */
  readonly sameSite: 'Lax' | 'Strict';
}

export function setCookie(name: string, value: string, { maxAgeSeconds, sameSite }: CookieOptions): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; Secure; HttpOnly; SameSite=${sameSite}`;
}

export function clearCookie(name: string): string {
  return setCookie(name, '', { maxAgeSeconds: 0, sameSite: 'Strict' });
}

/** A cookie's value; undefined where there is none, or two of which one could come from elsewhere. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '').split(';').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at > 0 && pair.slice(0, at).trim() === name ? [pair.slice(at + 1).trim()] : [];
  });
  const [value, ...others] = values;
  return value !== undefined && value !== '' && others.length === 0 ? value : undefined;
}

const browserToken = /^[\w-]{43}$/;

/** The browser's own token, where it brings one that was made here. */
export function browserOf(header: string | undefined): CarriedSecret | undefined {
  const text = cookieOf(header, cookieNames.browser);
  return text !== undefined && browserToken.test(text) ? { text, hash: hashOf(text) } : undefined;
}

export function newBrowser(): CarriedSecret {
  const text = randomBytes(32).toString('base64url');
  return { text, hash: hashOf(text) };
}

export function browserCookie({ text }: CarriedSecret): string {
  return setCookie(cookieNames.browser, text, { maxAgeSeconds: 3_600, sameSite: 'Lax' });
}
