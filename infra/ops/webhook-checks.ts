import type { Vendor } from '@crossdock/contracts';
import type { CheckWebhook } from '@crossdock/signed-webhook';

/**
 * How each vendor's webhooks are checked, or why there is nothing to check. A vendor's library is loaded only when it is
 * asked for: some bring a large SDK along.
 */
export const webhookChecks: Readonly<Record<Vendor, (() => Promise<CheckWebhook>) | string>> = {
  dynamics: async () => (await import('@crossdock/vendor-dynamics')).checkDynamicsWebhook,
  hubspot: async () => (await import('@crossdock/vendor-hubspot')).checkHubSpotWebhook,
  pipedrive: async () => (await import('@crossdock/vendor-pipedrive')).checkPipedriveWebhook,
  shippo: async () => (await import('@crossdock/vendor-shippo')).checkShippoWebhook,
  woocommerce: async () => (await import('@crossdock/vendor-woocommerce')).checkWooCommerceWebhook,
  zoho: async () => (await import('@crossdock/vendor-zoho')).checkZohoWebhook,
  salesforce: 'The hub takes no webhooks of Salesforce. An Outbound Message is not signed: only its OrganizationId, a secret address and the certificate of the connection tell who sent it.',
};
