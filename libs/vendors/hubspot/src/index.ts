export { HubSpotConnector } from './hubspot.connector.ts';
export { hubSpotAppShape } from './hubspot.app.ts';
export { HubSpotAuthorisation } from './hubspot.authorisation.ts';
export { verifyHubSpotWebhook, type HubSpotWebhookRequest } from './hubspot.webhook-signature.ts';
export { parseHubSpotWebhook, type HubSpotTouch } from './hubspot.webhooks.ts';
