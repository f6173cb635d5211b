export { HubSpotConnector } from './hubspot.connector.ts';
export { HubSpotTokenRefresher, type HubSpotTokenRefresherOptions } from './hubspot.oauth.ts';
export { verifyHubSpotWebhook, type HubSpotWebhookRequest } from './hubspot.webhook-signature.ts';
export { parseHubSpotWebhook, type HubSpotTouch } from './hubspot.webhooks.ts';
