import { VaultKeys } from '@crossdock/connections';
import { serviceConfigShape } from '@crossdock/service-kit';
import { z } from 'zod';

/** Settings of every CRM service; each adds its vendor's address and app. */
export const crmServiceConfigShape = {
  ...serviceConfigShape,
  vaultKeys: z.string().refine(isKeyList, 'must be keyId:base64 of 32 bytes, the current key first, separated by commas')
    .describe("Keys that seal the connections' credentials: keyId:base64 of 32 bytes, the current one first, separated by commas."),
  outboundAllowPrivateNetworks: z.stringbool().default(false)
    .describe('Lets vendor calls reach loopback and private networks and any port. For development with the sandbox only.'),
};

export type CrmServiceConfig = z.infer<z.ZodObject<typeof crmServiceConfigShape>>;

function isKeyList(setting: string): boolean {
  try {
    VaultKeys.parse(setting);
    return true;
  } catch {
    return false;
  }
}
