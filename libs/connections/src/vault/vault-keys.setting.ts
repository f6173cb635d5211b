import { z } from 'zod';
import { VaultKeys } from './vault-keys.ts';

/** The setting `VAULT_KEYS` of every service that seals or opens secrets, read. A fault names its place, never the value. */
export const vaultKeysSetting = z.string().transform((setting, context) => {
  try {
    return VaultKeys.parse(setting);
  } catch (fault) {
    context.addIssue({ code: 'custom', message: fault instanceof Error ? fault.message : 'is malformed' });
    return z.NEVER;
  }
}).describe('Keys of the credential vault: keyId:base64 of 32 bytes, the current one first, older ones after commas. The current one seals, all open.');
