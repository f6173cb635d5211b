import { vaultKeysSetting } from '@crossdock/connections';
import { outboundConfigShape } from '@crossdock/outbound-service';
import { serviceConfigShape } from '@crossdock/service-kit';
import { z } from 'zod';

export const ordersConfig = z.object({
  ...serviceConfigShape,
  ...outboundConfigShape,
  vaultKeys: vaultKeysSetting,
  shopPollSeconds: z.coerce.number().int().min(1).max(86_400).default(300)
    .describe('Seconds between two looks for orders that a shop changed without its webhook reaching us.'),
});
export type OrdersConfig = z.infer<typeof ordersConfig>;
