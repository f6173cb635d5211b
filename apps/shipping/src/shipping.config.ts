import { vaultKeysSetting } from '@crossdock/connections';
import { outboundConfigShape } from '@crossdock/outbound-service';
import { serviceConfigShape } from '@crossdock/service-kit';
import { z } from 'zod';

export const shippingConfig = z.object({
  ...serviceConfigShape,
  ...outboundConfigShape,
  shippoApiUrl: z.url().default('https://api.goshippo.com').describe("Address of Shippo's API, without a slash at its end."),
  vaultKeys: vaultKeysSetting,
});
export type ShippingConfig = z.infer<typeof shippingConfig>;
