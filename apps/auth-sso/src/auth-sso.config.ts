import { z } from 'zod';
import { vaultKeysSetting } from '@crossdock/connections';
import { outboundConfigShape } from '@crossdock/outbound-service';
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
  signOnUrl: z.url({ protocol: /^https?$/ }).refine((url) => new URL(url).origin === url, { message: 'must be an origin, without a path or slash at its end' })
    .describe('Origin of the sign-on pages, such as https://login.example.com. Identity providers send people back to it; no application is served there.'),
  sessionIdleMinutes: z.coerce.number().int().min(5).max(43_200).default(720).describe('Minutes after which a session that nobody uses ends.'),
  sessionLifetimeHours: z.coerce.number().int().min(1).max(2_160).default(168).describe('Hours after which a session ends however much it is used.'),
  outboundAllowPrivateNetworks: outboundConfigShape.outboundAllowPrivateNetworks,
});

export type AuthSsoConfig = z.infer<typeof authSsoConfig>;
