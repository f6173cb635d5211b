import { Failure } from '@crossdock/contracts';
import { z } from 'zod';
import type { ZohoApp } from './zoho.app.ts';
import { accountsServers, locationSchema, type ZohoLocation } from './zoho.locations.ts';

/** What a Zoho connection's settings hold. */
export const zohoSettingsSchema = z.object({
  location: locationSchema,
  /** Where the interface of the organisation's data centre is, as the token answer gives it. */
  apiDomain: z.url(),
  /** The organisation's own currency; amounts in another one are refused, unless it has several. */
  companyCurrency: z.string().regex(/^[A-Z]{3}$/).optional(),
});
export type ZohoSettings = z.infer<typeof zohoSettingsSchema>;

/** @throws Failure `forbidden` where the connection was made without what its calls need. */
export function readSettings(settings: unknown): ZohoSettings {
  const parsed = zohoSettingsSchema.safeParse(settings);
  if (parsed.success) return parsed.data;
  throw new Failure('forbidden', 'The Zoho connection does not know its data centre: connect it again.', { cause: parsed.error });
}

export function accountsServerOf(app: ZohoApp, location: ZohoLocation): string {
  return app.zohoAccountsUrl?.replace('{location}', location) ?? accountsServers[location];
}

/** The app's secret at a data centre: Zoho lets an app have another one in each. */
export function clientSecretOf(app: ZohoApp, location: ZohoLocation): string {
  return app.zohoClientSecrets?.[location] ?? app.zohoClientSecret;
}

/**
 * Where people are asked: Zoho leads them from the United States to their own data centre, but not to China's.
 * @throws Failure `invalid` where the settings name a data centre that there is not.
 */
export function askingLocation(settings: Readonly<Record<string, unknown>>): ZohoLocation {
  const parsed = locationSchema.optional().safeParse(settings['location']);
  if (!parsed.success) throw new Failure('invalid', `Zoho: location is one of ${locationSchema.options.join(', ')}.`, { pointer: '/settings/location' });
  return parsed.data === 'cn' ? 'cn' : 'us';
}

/**
 * The data centre that a callback names. It came by the browser, so that both of its parameters must be what Zoho sends.
 * @throws Failure `invalid` where they are not.
 */
export function callbackLocation(app: ZohoApp, parameters: Readonly<Record<string, string>>): ZohoLocation {
  const location = locationSchema.safeParse(parameters['location']);
  if (location.success && parameters['accounts-server'] === accountsServerOf(app, location.data)) return location.data;
  throw new Failure('invalid', 'The callback names a data centre that is not Zoho’s; nothing was connected.', { field: 'accounts-server' });
}

/** Zoho's own interface, whose files have hosts of their own; a stand-in has one for all. */
const ownInterface = /^https:\/\/www\.zohoapis\.([a-z]+(?:\.[a-z]+)?)$/;
const fileHost = /(?:^|\.)zoho(?:cloud)?\.(?:com|eu|in|com\.au|jp|com\.cn|ca|sa|uk)$/;

/** Where files are brought to. Source: https://zoho.com/crm/developer/docs/api/v2/bulk-write/upload-file.html */
export function uploadServerOf(apiDomain: string): string {
  const [, domain] = ownInterface.exec(apiDomain) ?? [];
  return domain === undefined ? apiDomain : domain === 'ca' ? 'https://upload.zohocloud.ca' : `https://upload.zoho.${domain}`;
}

/** The address of a file as Zoho names it. @throws Failure `unexpected` for one outside of Zoho: nobody else is shown the token. */
export function fileAddressOf(apiDomain: string, named: string): string {
  const address = new URL(named, apiDomain);
  if (address.origin === new URL(apiDomain).origin || (address.protocol === 'https:' && fileHost.test(address.hostname))) return address.href;
  throw new Failure('unexpected', 'Zoho named an address for a file that is none of its own.');
}
