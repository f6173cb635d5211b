import { z } from 'zod';

/** Settings of every service that speaks for the HubSpot app. */
export const hubSpotAppShape = {
  hubspotApiUrl: z.url().default('https://api.hubapi.com').describe("Address of HubSpot's API, without a slash at its end."),
  hubspotAppUrl: z.url().default('https://app.hubspot.com').describe('Address where people agree to the HubSpot app, without a slash at its end.'),
  hubspotClientId: z.string().min(1).describe('Client id of the HubSpot app.'),
  hubspotClientSecret: z.string().min(1).describe('Client secret of the HubSpot app.'),
};

/** The app that an installation has registered at HubSpot. */
export type HubSpotApp = z.infer<z.ZodObject<typeof hubSpotAppShape>>;
