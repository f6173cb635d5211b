import { z } from 'zod';

/** Settings of every service that speaks with Shippo. */
export const shippoApiShape = {
  shippoApiUrl: z.url().default('https://api.goshippo.com').describe("Address of Shippo's API, without a slash at its end."),
};

/** Settings of the service that connects accounts by Shippo's OAuth, which is for platforms that Shippo has admitted. */
export const shippoAppShape = {
  shippoOauthUrl: z.url().default('https://goshippo.com').describe('Address where people agree to the Shippo app and tokens are given, without a slash at its end.'),
  shippoClientId: z.string().min(1).describe('Partner id that Shippo gave the platform.'),
  shippoClientSecret: z.string().min(1).describe('Client secret that Shippo gave the platform.'),
};

/** The platform that an installation has registered at Shippo. */
export type ShippoApp = z.infer<z.ZodObject<typeof shippoAppShape>>;
