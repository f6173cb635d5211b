export { HubSpotConnector } from './hubspot.connector.ts';
export { HubSpotTokenRefresher, type HubSpotTokenRefresherOptions } from './hubspot.oauth.ts';
export {
  verifyHubSpotWebhook, type HubSpotWebhookRequest, type WebhookHeaders, type WebhookRefusal, type WebhookVerdict,
} from './hubspot.webhook-signature.ts';
export { parseHubSpotWebhook, type HubSpotTouch } from './hubspot.webhooks.ts';
