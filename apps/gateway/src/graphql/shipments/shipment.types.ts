import { shipmentStatusSchema } from '@crossdock/contracts';

/** Parcels with samples and orders. */
export const shipmentTypes = `
enum ShipmentStatus { ${shipmentStatusSchema.options.join(' ')} }

"""A parcel: its label, where it is, and what it cost."""
type Shipment @access(scopes: ["shipments:read"]) {
  id: ID!
  "Where its label was bought: see GET /v1/shipments."
  kind: String!
  connection: Connection
  status: ShipmentStatus!
  statusSince: DateTime!
  order: Order
  sample: Sample
  carrier: String
  service: String
  trackingNumber: String
  trackingUrl: String
  labelUrl: String
  price: Money
  test: Boolean
  "The shipment that comes back with this one."
  returnOf: ID
  deliveredAt: DateTime
  createdAt: DateTime!
}

"""A sample for somebody who may become a customer."""
type Sample @access(scopes: ["shipments:read"]) {
  contactEmail: String @access(scopes: ["personal:read"])
  campaign: String
  product: String
}

type ShipmentPage @access(scopes: ["shipments:read"]) {
  nodes: [Shipment!]!
  pageInfo: PageInfo!
}

extend type Order {
  "Newest first, at most 20."
  shipments: [Shipment!]! @access(scopes: ["shipments:read"]) @cost(items: 5)
}

extend type Query {
  shipment(id: ID!): Shipment @access(scopes: ["shipments:read"])
  "Newest first."
  shipments(first: Int, after: String, orderId: ID, status: ShipmentStatus, sample: Boolean): ShipmentPage! @access(scopes: ["shipments:read"])
}
`;
