import { vaultKeysSetting } from '@crossdock/connections';
import { outboundConfigShape } from '@crossdock/outbound-service';
import { serviceConfigShape } from '@crossdock/service-kit';
import type { z } from 'zod';

/** Settings of every CRM service; each adds its vendor's address and app. */
export const crmServiceConfigShape = {
  ...serviceConfigShape,
  ...outboundConfigShape,
  vaultKeys: vaultKeysSetting,
};

export type CrmServiceConfig = z.infer<z.ZodObject<typeof crmServiceConfigShape>>;
