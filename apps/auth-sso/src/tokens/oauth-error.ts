/** Error codes of a token endpoint: RFC 6749 §5.2, and `invalid_target` of RFC 8707 §2. */
export type OAuthErrorCode =
  | 'invalid_request' | 'invalid_client' | 'invalid_scope' | 'invalid_target' | 'unsupported_grant_type';

/** A token request that is refused. The message goes to the caller, so it holds nothing the caller does not know. */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode;

  constructor(code: OAuthErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OAuthError';
    this.code = code;
  }

  /** 401 where the client is not who it says, else 400. */
  get status(): 400 | 401 {
    return this.code === 'invalid_client' ? 401 : 400;
  }
}
