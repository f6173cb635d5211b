import { vaultKeysSetting } from '@crossdock/connections';
import { serviceConfigShape } from '@crossdock/service-kit';
import { z } from 'zod';

/** Settings of every CRM service; each adds its vendor's address and app. */
export const crmServiceConfigShape = {
  ...serviceConfigShape,
  vaultKeys: vaultKeysSetting,
  outboundAllowPrivateNetworks: z.stringbool().default(false)
    .describe('Lets vendor calls reach loopback and private networks and any port. For development with the sandbox only.'),
};

export type CrmServiceConfig = z.infer<z.ZodObject<typeof crmServiceConfigShape>>;
