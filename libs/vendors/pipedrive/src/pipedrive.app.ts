import { z } from 'zod';

/** Settings of every service that speaks for the Pipedrive app. */
export const pipedriveAppShape = {
  pipedriveOauthUrl: z.url().default('https://oauth.pipedrive.com').describe('Address where people agree to the Pipedrive app and tokens are given, without a slash at its end.'),
  pipedriveCompanyUrl: z.string().min(1).default('https://{company}.pipedrive.com')
    .describe("Address of a company's API for connections by API token, with {company} in the place of its domain."),
  pipedriveClientId: z.string().min(1).describe('Client id of the Pipedrive app.'),
  pipedriveClientSecret: z.string().min(1).describe('Client secret of the Pipedrive app.'),
};

/** The app that an installation has registered at Pipedrive. */
export type PipedriveApp = z.infer<z.ZodObject<typeof pipedriveAppShape>>;
