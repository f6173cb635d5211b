export { matchesAnySecret } from './secret-match.ts';
export { signedText, type CheckWebhook, type RecordedWebhook, type WebhookCheck } from './webhook-check.ts';
export { parseWebhookJson } from './webhook-json.ts';
export { refuseWebhook, webhookRefusals, type ReceivedValue, type WebhookHeaders, type WebhookVerdict } from './webhook-verdict.ts';
