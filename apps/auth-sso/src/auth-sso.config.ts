import { z } from 'zod';
import { vaultKeysSetting } from '@crossdock/connections';
import { outboundConfigShape } from '@crossdock/outbound-service';
import { serviceConfigShape, trustedProxiesSetting } from '@crossdock/service-kit';
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
    .describe('JSON file with the services that may get tokens: clientId, publicJwk, scopes, audiences, tenants; previousPublicJwk while a client’s key is exchanged.'),
  vaultKeys: vaultKeysSetting,
  signingKeyLifetimeHours: z.coerce.number().int().min(minKeyLifetimeHours).max(2_160).default(720)
    .describe('Hours until the next signing key takes over.'),
  signOnUrl: z.url({ protocol: /^https?$/ }).refine((url) => new URL(url).origin === url, { message: 'must be an origin, without a path or slash at its end' })
    .describe('Origin of the sign-on pages, such as https://login.example.com. Identity providers send people back to it; no application is served there.'),
  sessionIdleMinutes: z.coerce.number().int().min(5).max(43_200).default(720).describe('Minutes after which a session that nobody uses ends.'),
  sessionLifetimeHours: z.coerce.number().int().min(1).max(2_160).default(168).describe('Hours after which a session ends however much it is used.'),
  operatorSessionMinutes: z.coerce.number().int().min(5).max(720).default(60).describe('Minutes after which the session of a person who runs the installation ends however much it is used.'),
  endedSessionRetentionDays: z.coerce.number().int().min(1).max(730).default(30).describe('Days for which a session that is over is kept.'),
  signOnsPerAddressPerMinute: z.coerce.number().int().min(10).max(100_000).default(240)
    .describe('Pages of sign-on that one network address may ask for in a minute, over all replicas; a sign-on takes about five.'),
  signOnsPerTenantPerMinute: z.coerce.number().int().min(10).max(1_000_000).default(3_000)
    .describe('Sign-ons that people of one tenant may begin in a minute, over all replicas.'),
  trustedProxies: trustedProxiesSetting,
  outboundAllowPrivateNetworks: outboundConfigShape.outboundAllowPrivateNetworks,
});

export type AuthSsoConfig = z.infer<typeof authSsoConfig>;
