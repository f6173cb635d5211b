import { z } from 'zod';

/** Settings of every service that speaks for the Zoho app. */
export const zohoAppShape = {
  zohoClientId: z.string().min(1).describe('Client id of the Zoho app, a server-based client that is enabled in all data centres.'),
  zohoClientSecret: z.string().min(1).describe('Client secret of the Zoho app, the same in all data centres.'),
  zohoAccountsUrl: z.string().includes('{location}').optional()
    .describe("Address of the accounts servers with {location} for the data centre, where they are not Zoho's own."),
};

/** The app that an installation has registered at Zoho. */
export type ZohoApp = z.infer<z.ZodObject<typeof zohoAppShape>>;
