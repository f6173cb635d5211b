import { z } from 'zod';

/** What TLS to a server takes: the certificates to trust in place of those that Node.js knows. */
interface ServerTls {
  readonly ca?: string;
}

const offeredModes: readonly (string | null)[] = [null, 'disable', 'verify-full'];

/** PostgreSQL’s address. Of libpq’s modes of TLS (PostgreSQL 18, 32.19.1) the one that shows who answers is on offer, and none; those in between trust whoever does. */
export const postgresUrlSchema = z.url({ protocol: /^postgres(ql)?$/ })
  .refine((url) => !URL.canParse(url) || offeredModes.includes(modeOf(url)), 'may end in ?sslmode=verify-full or ?sslmode=disable; other modes do not look who answers');

/** Setting of everything that reaches a server over TLS. */
export const serverCaSetting = z.string().regex(/-----BEGIN CERTIFICATE-----/, 'must be certificates in PEM form').optional()
  .describe('Certificates (PEM) of those who vouch for PostgreSQL, Kafka and Redis where they are reached over TLS; those that Node.js knows without it.');

/** An address as the client takes it, and its TLS. */
export function postgresAccess(url: string, serverCa?: string): { readonly url: string; readonly ssl: false | ServerTls } {
  const address = new URL(url);
  address.searchParams.delete('sslmode');
  return { url: address.href, ssl: modeOf(url) === 'verify-full' ? tlsWith(serverCa) : false };
}

/** The TLS of a Redis address: `rediss:` is over TLS, `redis:` is not. */
export function redisTls(url: string, serverCa?: string): { readonly tls?: ServerTls } {
  return new URL(url).protocol === 'rediss:' ? { tls: tlsWith(serverCa) } : {};
}

function tlsWith(ca: string | undefined): ServerTls {
  return ca === undefined ? {} : { ca };
}

function modeOf(url: string): string | null {
  return new URL(url).searchParams.get('sslmode');
}
