import { vaultKeysSetting } from '@crossdock/connections';
import { outboundConfigShape } from '@crossdock/outbound-service';
import { serviceConfigShape } from '@crossdock/service-kit';
import { z } from 'zod';

export const ordersConfig = z.object({
  ...serviceConfigShape,
  ...outboundConfigShape,
  vaultKeys: vaultKeysSetting,
  publicUrl: z.url({ protocol: /^https?$/ }).optional()
    .describe('Address under which shops reach the gateway. Without it no shop is asked to tell of its orders.'),
  dealPollSeconds: z.coerce.number().int().min(10).max(86_400).default(60)
    .describe('Seconds between two looks at a CRM account that orders go to, for deals that changed without a webhook reaching us.'),
  shopPollSeconds: z.coerce.number().int().min(1).max(86_400).default(300)
    .describe('Seconds between two looks at a shop: whether its webhooks work, and which orders changed without one reaching us.'),
  orderComparisonDays: z.coerce.number().int().min(1).max(366).default(7)
    .describe('Days behind the present whose orders are compared with their shop and their deals once a day.'),
});
export type OrdersConfig = z.infer<typeof ordersConfig>;
