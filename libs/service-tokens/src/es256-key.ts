import { z } from 'zod';

/** The one signature algorithm in use. It is pinned everywhere: a token never chooses how it is checked (RFC 8725 §3.1). */
export const signatureAlgorithm = 'ES256';

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes in base64url');

const publicShape = {
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: coordinate,
  y: coordinate,
  kid: z.string().min(1).max(128).exactOptional(),
  alg: z.literal(signatureAlgorithm).exactOptional(),
  use: z.literal('sig').exactOptional(),
};

/** A public P-256 key as JWK. Strict, so that a private key offered in its place is refused rather than published. */
export const publicKeySchema = z.strictObject(publicShape);
export type Es256PublicKey = z.infer<typeof publicKeySchema>;

/** A private P-256 key as JWK. */
export const privateKeySchema = z.strictObject({ ...publicShape, d: coordinate });
export type Es256PrivateKey = z.infer<typeof privateKeySchema>;

/** The part of a key that may be shown. */
export function publicPartOf({ d: _secret, ...publicPart }: Es256PrivateKey): Es256PublicKey {
  return publicPart;
}
