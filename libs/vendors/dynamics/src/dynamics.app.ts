import { z } from 'zod';

/** Settings of every service that speaks for the app that is registered at Microsoft Entra. */
export const dynamicsAppShape = {
  dynamicsLoginUrl: z.url().default('https://login.microsoftonline.com').describe('Address where Microsoft Entra gives tokens, without a slash at its end.'),
  dynamicsEnvironmentDomains: z.string().min(1).default('dynamics.com,microsoftdynamics.us,appsplatform.us,dynamics.cn').transform((list) => list.split(','))
    .describe('Domains that environments of Dynamics 365 have addresses in, separated by commas; no other address is called.'),
  dynamicsClientId: z.string().min(1).describe('Application (client) id of the app at Microsoft Entra.'),
  dynamicsClientSecret: z.string().min(1).describe('Client secret of the app at Microsoft Entra.'),
};

/** The app that an installation has registered at Microsoft Entra. */
export type DynamicsApp = z.infer<z.ZodObject<typeof dynamicsAppShape>>;
