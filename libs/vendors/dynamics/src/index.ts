export { dynamicsAppShape } from './dynamics.app.ts';
export { DynamicsAuthorisation } from './dynamics.authorisation.ts';
export { DynamicsConnector } from './dynamics.connector.ts';
export { checkDynamicsWebhook } from './dynamics.webhook-check.ts';
export { verifyDynamicsWebhook } from './dynamics.webhook-signature.ts';
export { dynamicsCredentials, parseDynamicsWebhook, type DynamicsTouch } from './dynamics.webhooks.ts';
export { dynamicsVendorLimits } from './dynamics.limits.ts';
