import { z } from 'zod';
import { locationSchema } from './zoho.locations.ts';

/** A fault names the place of the entry, never its value. */
const clientSecretsSetting = z.string().transform((setting, context) => {
  const entries = setting.split(',').map((entry) => {
    const separator = entry.indexOf(':');
    return { location: locationSchema.safeParse(entry.slice(0, separator).trim()), secret: entry.slice(separator + 1).trim() };
  });
  const fault = entries.findIndex(({ location, secret }) => !location.success || secret === '');
  if (fault === -1) return Object.fromEntries(entries.map(({ location, secret }) => [location.data ?? '', secret]));
  context.addIssue({ code: 'custom', message: `entry ${fault + 1} is not written as location:secret with one of ${locationSchema.options.join(', ')}` });
  return z.NEVER;
});

/** Settings of every service that speaks for the Zoho app. */
export const zohoAppShape = {
  zohoClientId: z.string().min(1).describe('Client id of the Zoho app, a server-based client that is enabled in all data centres.'),
  zohoClientSecret: z.string().min(1).describe('Client secret of the Zoho app, in every data centre for which `ZOHO_CLIENT_SECRETS` names no other.'),
  zohoClientSecrets: clientSecretsSetting.optional()
    .describe('Client secrets of data centres that have their own, written location:secret and separated by commas, such as eu:…,in:….'),
  zohoAccountsUrl: z.string().includes('{location}').optional()
    .describe("Address of the accounts servers with {location} for the data centre, where they are not Zoho's own."),
};

/** The app that an installation has registered at Zoho. */
export type ZohoApp = z.infer<z.ZodObject<typeof zohoAppShape>>;
