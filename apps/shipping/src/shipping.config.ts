import { vaultKeysSetting } from '@crossdock/connections';
import { outboundConfigShape } from '@crossdock/outbound-service';
import { serviceConfigShape } from '@crossdock/service-kit';
import { shippoApiShape } from '@crossdock/vendor-shippo';
import { z } from 'zod';

export const shippingConfig = z.object({
  ...serviceConfigShape,
  ...outboundConfigShape,
  ...shippoApiShape,
  vaultKeys: vaultKeysSetting,
});
export type ShippingConfig = z.infer<typeof shippingConfig>;
