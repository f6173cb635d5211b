import { vaultKeysSetting } from '@crossdock/connections';
import { outboundConfigShape } from '@crossdock/outbound-service';
import { serviceConfigShape } from '@crossdock/service-kit';
import { z } from 'zod';

/** Settings of every CRM service; each adds its vendor's address and app. */
export const crmServiceConfigShape = {
  ...serviceConfigShape,
  ...outboundConfigShape,
  vaultKeys: vaultKeysSetting,
  publicUrl: z.url({ protocol: /^https?$/ }).optional()
    .describe('Address under which vendors reach the gateway. Without it no account is asked to tell of its changes.'),
};

export type CrmServiceConfig = z.infer<z.ZodObject<typeof crmServiceConfigShape>>;
