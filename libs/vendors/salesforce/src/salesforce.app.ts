import { z } from 'zod';

/** Settings of every service that speaks for the Salesforce app. */
export const salesforceAppShape = {
  salesforceLoginUrl: z.url().default('https://login.salesforce.com').describe('Address where Salesforce gives tokens, without a slash at its end.'),
  salesforceSandboxLoginUrl: z.url().default('https://test.salesforce.com').describe('The same for sandbox organisations.'),
  salesforceMyDomainUrl: z.string().includes('{domain}').default('https://{domain}.my.salesforce.com')
    .describe('The same for organisations that let people sign in at their own domain only, with {domain} in its place.'),
  salesforceClientId: z.string().min(1).describe('Consumer key of the Salesforce app.'),
  salesforceClientSecret: z.string().min(1).describe('Consumer secret of the Salesforce app.'),
};

/** The app that an installation has registered at Salesforce. */
export type SalesforceApp = z.infer<z.ZodObject<typeof salesforceAppShape>>;
