export { AccessTokens, type AccessTokensOptions } from './access-tokens.ts';
export type {
  AuthorisationParty, ConnectionSecrets, ConnectionSettings, ConsentFlow, CredentialFlow, Grant, TokenSet, VendorAuthorisation, VendorScope,
} from './authorisation/vendor-authorisation.ts';
export { CallLog, type CallLogOptions } from './call-log/call-log.ts';
export {
  callQuerySchema, listCalls, listUsage, usageQuerySchema, type CallPage, type CallQuery, type CallView, type UsageQuery, type UsageView,
} from './call-log/call-log.reader.ts';
export type { Connection, ConnectionState, NewConnection } from './connection.ts';
export { ConnectionStore } from './connection-store.ts';
export { connectionsSchema } from './connections-schema.ts';
export { CredentialVault, type SecretOwner, type StoredSecret } from './credential-vault.ts';
export { openSecret, sealSecret, type SealedSecret, type SecretPlace } from './secret-sealing.ts';
export { ShortMemory } from './short-memory.ts';
export { TokenMemory } from './token-memory.ts';
export { VaultKeys } from './vault-keys.ts';
export { vaultKeysSetting } from './vault-keys.setting.ts';
