/** Contacts, companies and deals that are kept in step between accounts. */
export const recordTypes = `
"""A person, as all accounts that are kept in step are to hold them."""
type Contact @access(scopes: ["records:read"]) {
  id: ID!
  email: String @access(scopes: ["personal:read"])
  phone: String @access(scopes: ["personal:read"])
  firstName: String @access(scopes: ["personal:read"])
  lastName: String @access(scopes: ["personal:read"])
  companyName: String
  country: String
  lifecycleStage: String
  "Mapped fields beyond these, by canonical name."
  custom: JSON! @access(scopes: ["personal:read"])
  updatedAt: DateTime!
  accounts: [RecordAccount!]! @cost(items: 3)
  companies: [Company!]! @cost(items: 2)
  "At most 20."
  deals: [Deal!]! @cost(items: 5)
}

"""A company, as all accounts that are kept in step are to hold it."""
type Company @access(scopes: ["records:read"]) {
  id: ID!
  name: String
  domain: String
  phone: String
  country: String
  custom: JSON!
  updatedAt: DateTime!
  accounts: [RecordAccount!]! @cost(items: 3)
  "At most 20."
  contacts: [Contact!]! @cost(items: 5)
  "At most 20."
  deals: [Deal!]! @cost(items: 5)
}

"""A deal, as all accounts that are kept in step are to hold it."""
type Deal @access(scopes: ["records:read"]) {
  id: ID!
  name: String
  status: DealStatus
  amount: Money
  closedAt: DateTime
  orderStatus: OrderStatus
  lineItems: String
  orderSource: String
  custom: JSON!
  updatedAt: DateTime!
  accounts: [RecordAccount!]! @cost(items: 3)
  contacts: [Contact!]! @cost(items: 3)
  companies: [Company!]! @cost(items: 2)
  "Orders of shops whose deal it is in one of its accounts."
  orders: [Order!]! @access(scopes: ["orders:read"]) @cost(items: 2)
}

"""Where a record stands in one account."""
type RecordAccount @access(scopes: ["records:read"]) {
  connection: Connection
  "Its id there; null until it was made there."
  externalId: String
  "linked or gone."
  state: String!
}

type ContactPage @access(scopes: ["records:read"]) {
  nodes: [Contact!]!
  pageInfo: PageInfo!
}

type CompanyPage @access(scopes: ["records:read"]) {
  nodes: [Company!]!
  pageInfo: PageInfo!
}

type DealPage @access(scopes: ["records:read"]) {
  nodes: [Deal!]!
  pageInfo: PageInfo!
}

extend type OrderInCrm {
  "The order’s deal; null where it is not kept in step."
  deal: Deal @access(scopes: ["records:read"])
  "The order’s contact; null where it is not kept in step."
  contact: Contact @access(scopes: ["records:read"])
}

extend type Query {
  contact(id: ID!): Contact @access(scopes: ["records:read"])
  contacts(first: Int, after: String): ContactPage! @access(scopes: ["records:read"])
  company(id: ID!): Company @access(scopes: ["records:read"])
  companies(first: Int, after: String): CompanyPage! @access(scopes: ["records:read"])
  deal(id: ID!): Deal @access(scopes: ["records:read"])
  deals(first: Int, after: String): DealPage! @access(scopes: ["records:read"])
  "At most 100 records of a CRM account, as they are there now, whose field (by its canonical name) has one of these values."
  accountRecords(connectionId: ID!, object: String!, field: String!, values: [String!]!): [JSON!]! @access(scopes: ["records:read", "personal:read"]) @cost(items: 100)
}
`;
