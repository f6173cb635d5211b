export { zohoAppShape, type ZohoApp } from './zoho.app.ts';
export { ZohoAuthorisation } from './zoho.authorisation.ts';
export { ZohoConnector } from './zoho.connector.ts';
export { checkZohoWebhook } from './zoho.webhook-check.ts';
export { verifyZohoWebhook, withoutZohoToken, zohoCredentials } from './zoho.webhook-signature.ts';
export { parseZohoWebhook, type ZohoTouch } from './zoho.webhooks.ts';
export { zohoVendorLimits } from './zoho.limits.ts';
