import { createHash, randomBytes } from 'node:crypto';

/** A secret that a browser or client carries, and what is kept of it. */
export interface CarriedSecret {
  readonly text: string;
  readonly hash: Buffer;
}

/** A secret that somebody sent, not yet compared with anything. */
export interface ClaimedSecret {
  readonly tenantId: string;
  readonly hash: Buffer;
}

const secretBytes = 32;
const form = /^([\w-]{22})\.([\w-]{43})$/;

/**
 * 256 bits of chance behind the tenant's id. The id lets the row be looked up behind the tenant's own wall; it proves
 * nothing, and with another tenant's in its place nothing is found.
 */
export function newSecret(tenantId: string): CarriedSecret {
  const tenant = Buffer.from(tenantId.replaceAll('-', ''), 'hex').toString('base64url');
  const text = `${tenant}.${randomBytes(secretBytes).toString('base64url')}`;
  return { text, hash: hashOf(text) };
}

/** What a text claims to be; undefined where it has not the form of such a secret. */
export function readSecret(text: unknown): ClaimedSecret | undefined {
  const [whole, tenant] = (typeof text === 'string' && form.exec(text)) || [];
  if (whole === undefined || tenant === undefined) return undefined;
  const hex = Buffer.from(tenant, 'base64url').toString('hex');
  return { tenantId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'), hash: hashOf(whole) };
}

/** SHA-256: of a text with 256 bits of chance it needs no salt and no slow hash. */
export function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
