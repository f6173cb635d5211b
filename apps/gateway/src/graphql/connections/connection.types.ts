import { capabilityReportSchema, connectionStateSchema, vendorSchema } from '@crossdock/contracts';

/** Accounts that tenants have connected. */
export const connectionTypes = `
enum Vendor { ${vendorSchema.options.join(' ')} }

enum ConnectionState { ${connectionStateSchema.options.join(' ')} }

enum CapabilityMode { ${capabilityReportSchema.shape.mode.options.join(' ')} }

"""A link to one account at one vendor."""
type Connection @access(scopes: ["connections:read"]) {
  id: ID!
  vendor: Vendor!
  accountId: String!
  accountName: String
  settings: JSON!
  state: ConnectionState!
  stateCode: String
  stateReason: String
  stateSince: DateTime!
  health: ConnectionHealth
}

"""How a connection stands, with what to show to people."""
type ConnectionHealth @access(scopes: ["connections:read"]) {
  connectionId: ID!
  state: ConnectionState!
  since: DateTime!
  reason: ConnectionReason
  lastProbe: ConnectionProbe
  capabilities: ConnectionCapabilities
  "How many warnings the mapping of each kind of record has."
  mappingDrift: JSON
  "What is used of each limit that the vendor has for the account; null while the counts cannot be read."
  budget: [LimitUsage!] @cost(items: 5)
  banner: ConnectionBanner
}

"""How much of one limit of an account is used, over all services."""
type LimitUsage @access(scopes: ["connections:read"]) {
  "Unique within the vendor, such as ten-seconds or search."
  name: String!
  "rolling, fixed or slots: in any stretch of time of this length, until the vendor’s clock begins a new window, or at once."
  kind: String!
  "calls, tokens, credits or milliseconds (of the vendor’s work)."
  unit: String!
  "Null for slots."
  windowSeconds: Float
  "What the vendor’s answers said that it grants, else what its documents say of the smallest account."
  granted: Float!
  used: Float!
  "When all that is used now has come back; null where nothing is used, and for slots."
  renewsAt: DateTime
  "Until when the vendor asked for no further call."
  pausedUntil: DateTime
}

type ConnectionReason @access(scopes: ["connections:read"]) {
  code: String!
  message: String!
}

type ConnectionProbe @access(scopes: ["connections:read"]) {
  at: DateTime!
  "succeeded or failed."
  outcome: String!
  message: String
}

type ConnectionCapabilities @access(scopes: ["connections:read"]) {
  mode: CapabilityMode!
  edition: String
  probedAt: DateTime!
  missing: [MissingCapability!]! @cost(items: 4)
}

type MissingCapability @access(scopes: ["connections:read"]) {
  name: String!
  "What one goes without, and who can mend that."
  consequence: String!
}

type ConnectionBanner @access(scopes: ["connections:read"]) {
  "warning or error."
  severity: String!
  title: String!
  text: String!
  "What ends it, where the tenant can."
  action: BannerAction
}

type BannerAction @access(scopes: ["connections:read"]) {
  name: String!
  method: String!
  path: String!
}

type ConnectionPage @access(scopes: ["connections:read"]) {
  nodes: [Connection!]!
  pageInfo: PageInfo!
}

extend type Subscription {
  "How a connection stands now, and again whenever that changes, until it is disconnected."
  connectionHealth(id: ID!): ConnectionHealth! @access(scopes: ["connections:read"])
}

extend type Query {
  "A connected account; null where the tenant has none of that id."
  connection(id: ID!): Connection @access(scopes: ["connections:read"])
  "The tenant’s connected accounts."
  connections(first: Int, after: String): ConnectionPage! @access(scopes: ["connections:read"])
}
`;
