export { pipedriveAppShape } from './pipedrive.app.ts';
export { PipedriveAuthorisation } from './pipedrive.authorisation.ts';
export { PipedriveConnector } from './pipedrive.connector.ts';
export { pipedriveVendorLimits } from './pipedrive.limits.ts';
export { checkPipedriveWebhook } from './pipedrive.webhook-check.ts';
export { verifyPipedriveWebhook } from './pipedrive.webhook-signature.ts';
export { parsePipedriveWebhook, pipedriveCredentials, type PipedriveTouch } from './pipedrive.webhooks.ts';
