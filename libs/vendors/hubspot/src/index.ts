export { HubSpotConnector } from './hubspot.connector.ts';
export { hubSpotAppShape } from './hubspot.app.ts';
export { HubSpotAuthorisation } from './hubspot.authorisation.ts';
export { hubSpotRateLimits } from './hubspot.limits.ts';
export { checkHubSpotWebhook } from './hubspot.webhook-check.ts';
export { verifyHubSpotWebhook, type HubSpotWebhookRequest } from './hubspot.webhook-signature.ts';
export { parseHubSpotWebhook, type HubSpotTouch } from './hubspot.webhooks.ts';
