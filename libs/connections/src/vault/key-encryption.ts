/** A data key as it may be stored. */
export interface WrappedKey {
  /** The key that wrapped it. */
  readonly wrappingKeyId: string;
  readonly wrapped: Buffer;
}

/** What a wrapped data key is bound to: it unwraps for this only. */
export interface DataKeyContext {
  readonly tenantId: string;
  readonly dataKeyId: string;
}

/**
 * Wraps the keys that secrets are sealed with. The wrapping keys never leave it, so that a key management service can
 * stand here: one call a data key and process, since opened data keys are remembered.
 */
export interface KeyEncryption {
  /** The key that wraps now; what others have wrapped is wrapped anew in the background. */
  readonly currentKeyId: string;
  wrap(dataKey: Buffer, context: DataKeyContext): Promise<WrappedKey>;
  /** @throws Failure where the wrapping key is not there, or the wrapped key was changed or is another context's. */
  unwrap(key: WrappedKey, context: DataKeyContext): Promise<Buffer>;
}
