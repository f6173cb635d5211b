export { Authorisations, type AuthorisationEnd } from './authorisation/authorisations.ts';
export type { AuthorisationRefusal } from './authorisation/vendor-dialogues.ts';
export { KeyDeliveries } from './authorisation/key-delivery.ts';
export { openAuthorisations } from './authorisation/open-authorisations.ts';
export { toTokenSet, type TokenSet } from './authorisation/token-set.ts';
export type {
  AuthorisationParty, ConnectionSecrets, ConnectionSettings, ConsentFlow, CredentialFlow, Grant, KeyApprovalFlow, KeyDelivery, VendorAuthorisation, VendorScope,
} from './authorisation/vendor-authorisation.ts';
export { CallLog, type CallLogOptions } from './call-log/call-log.ts';
export {
  callPageSchema, callQuerySchema, listCalls, listCallsOfCauses, listUsage, usageQuerySchema, usageSchema, type CallPage, type CallQuery, type CallView, type UsageQuery, type UsageView,
} from './call-log/call-log.reader.ts';
export { connectionSchema, type Connection, type NewConnection } from './connection.ts';
export { ConnectionStore } from './connection-store.ts';
export { Connections, type ConnectionsOptions } from './connections.ts';
export { connectionsSchema } from './connections-schema.ts';
export { capabilityViewSchema, keepCapabilities, readCapabilities, viewCapabilities, type CapabilityView } from './health/capability-record.ts';
export { auditConnection, connectionAuditSchema, listConnectionAudit, type ConnectionAuditView } from './health/connection-audit.ts';
export { ConnectionHealth } from './health/connection-health.ts';
export { measureConnections } from './health/connection-metrics.ts';
export { readHealthFindings } from './health/health-findings.ts';
export { healthReport, healthReportSchema, type HealthReport } from './health/health-report.ts';
export { keepMappingDrift, readMappingDrift } from './health/mapping-drift.ts';
export { AccessTokens, type AccessTokensOptions } from './tokens/access-tokens.ts';
export { IngestLookUp } from './ingest-look-up.ts';
export { namedConnectionsAmong, namedConnectionSchema, type NamedConnection } from './named-connection.ts';
export { ShortMemory } from './short-memory.ts';
export { TokenMemory } from './tokens/token-memory.ts';
export { ConnectionUpkeep } from './upkeep/connection-upkeep.ts';
export { findDueConnections } from './upkeep/probe-record.ts';
export { CredentialVault, type SecretOwner, type StoredSecret } from './vault/credential-vault.ts';
export { ReEncryption } from './vault/re-encryption.ts';
export { openSecret, sealSecret, type SealedSecret, type SecretPlace } from './vault/secret-sealing.ts';
export { VaultKeys } from './vault/vault-keys.ts';
export { vaultKeysSetting } from './vault/vault-keys.setting.ts';
