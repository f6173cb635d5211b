export { matchesAnySecret } from './secret-match.ts';
export { parseWebhookJson } from './webhook-json.ts';
export { refuseWebhook, type ReceivedValue, type WebhookHeaders, type WebhookVerdict } from './webhook-verdict.ts';
