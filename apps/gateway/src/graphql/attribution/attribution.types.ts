/** Which samples and other touches brought which revenue. */
export const attributionTypes = `
"""Reports of attribution, as /v1/attribution has them. Periods are days in UTC, such as 2026-03-01; \`to\` is not in them."""
type Attribution @access(scopes: ["attribution:read"]) {
  "Models side by side, by channel, campaign, product, account, owner or month, of the deals won within a period."
  report(by: String, models: [String!], from: String, to: String, order: Int, first: Int, after: String): AttributionReport! @cost(items: 1000)
  "The path to a deal, and what each touch of it is credited with."
  deal(id: ID!, model: String): DealAttribution @cost(items: 100)
  "What a sample is credited with, deal by deal."
  sample(shipmentId: ID!, model: String): SampleAttribution @cost(items: 100)
  funnel(from: String, to: String): SampleFunnel! @cost(items: 1000)
  cohorts(from: String, to: String): [SampleCohort!]! @cost(items: 100)
  timeToRevenue(from: String, to: String): TimeToRevenue! @cost(items: 1000)
}

type AttributionReport @access(scopes: ["attribution:read"]) {
  by: String!
  from: String
  to: String
  "The same versions give the same numbers."
  settingsVersion: Int!
  dataVersion: SafeInt!
  nodes: [AttributionRow!]!
  pageInfo: PageInfo!
  "Won deals that nothing which counts had touched."
  unattributed: UnattributedRevenue!
}

type AttributionRow @access(scopes: ["attribution:read"]) {
  key: String
  touches: SafeInt!
  cost: [Money!]! @cost(items: 1)
  credits: [AttributedCredit!]! @cost(items: 5)
}

type AttributedCredit @access(scopes: ["attribution:read"]) {
  model: String!
  conversions: Float!
  revenue: [Money!]! @cost(items: 1)
  converted: Money
  returnOnInvestment: Float
  costPerConversionMinor: Float
}

type UnattributedRevenue @access(scopes: ["attribution:read"]) {
  conversions: Float!
  revenue: [Money!]! @cost(items: 1)
}

type DealAttribution @access(scopes: ["attribution:read"]) {
  dealId: ID!
  model: String!
  name: String!
  status: DealStatus!
  revenue: Money
  closedAt: DateTime
  credits: [TouchCredit!]! @cost(items: 20)
}

type TouchCredit @access(scopes: ["attribution:read"]) {
  touchId: ID!
  channel: String!
  share: Float!
  amountMinor: SafeInt!
  currency: String!
  touchedAt: DateTime!
}

type SampleAttribution @access(scopes: ["attribution:read"]) {
  shipmentId: ID!
  model: String!
  campaign: String
  product: String
  sentAt: DateTime
  touchedAt: DateTime
  credits: [SampleCredit!]!
  totals: [Money!]! @cost(items: 1)
}

type SampleCredit @access(scopes: ["attribution:read"]) {
  dealId: ID!
  share: Float!
  amountMinor: SafeInt!
  currency: String!
}

type SampleFunnel @access(scopes: ["attribution:read"]) {
  sent: SafeInt!
  delivered: SafeInt!
  withDeal: SafeInt!
  withWonDeal: SafeInt!
  wonDeals: SafeInt!
  revenue: [Money!]! @cost(items: 1)
}

type SampleCohort @access(scopes: ["attribution:read"]) {
  "YYYY-MM."
  month: String!
  samples: SafeInt!
  months: [CohortMonth!]! @cost(items: 12)
}

type CohortMonth @access(scopes: ["attribution:read"]) {
  after: Int!
  wonDeals: SafeInt!
  revenue: [Money!]! @cost(items: 1)
}

type TimeToRevenue @access(scopes: ["attribution:read"]) {
  deals: SafeInt!
  meanDays: Float
  medianDays: Float
  ninetiethDays: Float
}

extend type Query {
  attribution: Attribution! @access(scopes: ["attribution:read"])
}
`;
