import { vaultKeysSetting } from '@crossdock/connections';
import { serviceConfigShape } from '@crossdock/service-kit';
import { z } from 'zod';

export const ordersConfig = z.object({
  ...serviceConfigShape,
  vaultKeys: vaultKeysSetting,
  outboundAllowPrivateNetworks: z.stringbool().default(false)
    .describe('Lets vendor calls reach loopback and private networks and any port. For development with the sandbox only.'),
  shopPollSeconds: z.coerce.number().int().min(1).max(86_400).default(300)
    .describe('Seconds between two looks for orders that a shop changed without its webhook reaching us.'),
});
export type OrdersConfig = z.infer<typeof ordersConfig>;
