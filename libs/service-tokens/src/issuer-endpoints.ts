/** Where an issuer of ours serves what; its metadata document (RFC 8414) names the same addresses. */
export const issuerPaths = {
  metadata: '/.well-known/oauth-authorization-server',
  jwks: '/.well-known/jwks.json',
  token: '/oauth/token',
} as const;

/** The address of one of the issuer's endpoints; the issuer may itself be served under a path. */
export function issuerEndpoint(issuerUrl: string, endpoint: keyof typeof issuerPaths): string {
  return `${issuerUrl.replace(/\/+$/, '')}${issuerPaths[endpoint]}`;
}
