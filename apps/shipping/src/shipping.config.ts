import { VaultKeys } from '@crossdock/connections';
import { serviceConfigShape } from '@crossdock/service-kit';
import { z } from 'zod';

export const shippingConfig = z.object({
  ...serviceConfigShape,
  authIssuerUrl: z.url().describe('Address of auth-sso, whose access tokens callers present.'),
  shippoApiUrl: z.url().default('https://api.goshippo.com').describe("Address of Shippo's API, without a slash at its end."),
  vaultKeys: z.string().transform((setting, context) => {
    try {
      return VaultKeys.parse(setting);
    } catch (fault) {
      context.addIssue({ code: 'custom', message: fault instanceof Error ? fault.message : 'is malformed' });
      return z.NEVER;
    }
  }).describe("Keys that seal the connections' credentials: keyId:base64 of 32 bytes, the current one first, separated by commas."),
  outboundAllowPrivateNetworks: z.stringbool().default(false)
    .describe('Lets vendor calls reach loopback and private networks and any port. For development with the sandbox only.'),
});
export type ShippingConfig = z.infer<typeof shippingConfig>;
