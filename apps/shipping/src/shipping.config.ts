import { vaultKeysSetting } from '@crossdock/connections';
import { serviceConfigShape } from '@crossdock/service-kit';
import { z } from 'zod';

export const shippingConfig = z.object({
  ...serviceConfigShape,
  shippoApiUrl: z.url().default('https://api.goshippo.com').describe("Address of Shippo's API, without a slash at its end."),
  vaultKeys: vaultKeysSetting,
  outboundAllowPrivateNetworks: z.stringbool().default(false)
    .describe('Lets vendor calls reach loopback and private networks and any port. For development with the sandbox only.'),
});
export type ShippingConfig = z.infer<typeof shippingConfig>;
