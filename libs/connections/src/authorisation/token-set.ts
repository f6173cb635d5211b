/** What a vendor's token endpoint gives. Without `expiresInSeconds` the token is used until the vendor refuses it. */
export interface TokenSet {
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly expiresInSeconds?: number;
}

/** The same as vendors write it. Source: https://www.rfc-editor.org/rfc/rfc6749#section-5.1 */
interface TokenAnswer {
  readonly access_token: string;
  readonly refresh_token?: string | undefined;
  readonly expires_in?: number | undefined;
}

export function toTokenSet({ access_token: accessToken, refresh_token: refreshToken, expires_in: expiresInSeconds }: TokenAnswer): TokenSet {
  return { accessToken, ...(refreshToken !== undefined && { refreshToken }), ...(expiresInSeconds !== undefined && { expiresInSeconds }) };
}
