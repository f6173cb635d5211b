import { z } from 'zod';
import { vaultKeysSetting } from '@crossdock/connections';
import { serviceConfigShape } from '@crossdock/service-kit';
import { clientsFileSetting } from './clients/client-registry.ts';

/** Keys live at least this long: a key is published an hour before it signs, and shall sign for a while. */
const minKeyLifetimeHours = 4;

/** Settings of auth-sso. */
export const authSsoConfig = z.object({
  ...serviceConfigShape,
  authIssuerUrl: z.url({ protocol: /^https?$/ })
    .refine((url) => !url.endsWith('/'), { message: 'must not end in a slash' })
    .describe('Address other services reach this one by. It is the issuer in every token, compared letter by letter.'),
  authClientsFile: clientsFileSetting
    .describe('JSON file with the services that may get tokens: clientId, publicJwk, scopes, audiences, tenants.'),
  vaultKeys: vaultKeysSetting,
  signingKeyLifetimeHours: z.coerce.number().int().min(minKeyLifetimeHours).max(2_160).default(720)
    .describe('Hours until the next signing key takes over.'),
});

export type AuthSsoConfig = z.infer<typeof authSsoConfig>;
