import { dealFieldsSchema, orderStatusSchema } from '@crossdock/contracts';

/** Orders of shops. */
export const orderTypes = `
enum OrderStatus { ${orderStatusSchema.options.join(' ')} }

enum DealStatus { ${dealFieldsSchema.shape.status.options.join(' ')} }

"""An order of a shop in canonical form, as the shop last told it."""
type Order @access(scopes: ["orders:read"]) {
  id: ID!
  "Its id at the shop."
  externalId: String!
  "The shop’s connection."
  connection: Connection
  "The number that the customer sees."
  number: String!
  status: OrderStatus!
  total: Money!
  placedAt: DateTime!
  "When the shop says it was last changed."
  modifiedAt: DateTime!
  deletedAt: DateTime
  "Counts the changes of the hub’s record."
  version: Int!
  customer: OrderCustomer!
  lines: [OrderLine!]! @cost(items: 10)
  refunds: [OrderRefund!]! @cost(items: 2)
  crm: OrderInCrm!
}

"""Who ordered, as the shop has it."""
type OrderCustomer @access(scopes: ["orders:read", "personal:read"]) {
  email: String
  phone: String
  firstName: String
  lastName: String
  companyName: String
  country: String
}

type OrderLine @access(scopes: ["orders:read"]) {
  externalId: String!
  name: String!
  sku: String
  quantity: Float!
  total: Money!
}

type OrderRefund @access(scopes: ["orders:read"]) {
  externalId: String!
  amount: Money!
}

"""How far the CRM knows the order."""
type OrderInCrm @access(scopes: ["orders:read"]) {
  "not_linked, behind or in_step."
  state: String!
  connection: Connection
  "The order’s deal, by its id at the CRM."
  dealId: String
  contactId: String
  dealStatus: DealStatus
}

type OrderPage @access(scopes: ["orders:read"]) {
  nodes: [Order!]!
  pageInfo: PageInfo!
}

extend type Query {
  "An order; null where the tenant has none of that id."
  order(id: ID!): Order @access(scopes: ["orders:read"])
  "Newest first."
  orders(first: Int, after: String, externalId: String, connectionId: ID): OrderPage! @access(scopes: ["orders:read"])
}
`;
