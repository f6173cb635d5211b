export { shippoApiShape, shippoAppShape } from './shippo.app.ts';
export { ShippoAuthorisation } from './shippo.authorisation.ts';
export {
  ShippoClient, shippoCredentials,
  type RatedShipment, type ShipmentRequest, type ShippingLabel, type ShippoClientOptions,
} from './shippo.client.ts';
export { shippoRateLimits } from './shippo.limits.ts';
export type { ShippingRate } from './shippo.mapping.ts';
export { checkShippoWebhook } from './shippo.webhook-check.ts';
export { verifyShippoWebhook, type ShippoWebhookRequest } from './shippo.webhook-signature.ts';
export { parseShippoWebhook, type ShippoTrackingReport } from './shippo.webhooks.ts';
