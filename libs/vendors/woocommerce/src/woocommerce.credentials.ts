/** Names of a shop's secrets in the vault. */
export const woocommerceCredentials = {
  consumerKey: 'consumer_key', consumerSecret: 'consumer_secret', webhookSecret: 'webhook_secret',
} as const;
