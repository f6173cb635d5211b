import { Failure } from '@crossdock/contracts';
import { z } from 'zod';
import type { SalesforceApp } from './salesforce.app.ts';

/**
 * An organisation's own domain: its name, a sandbox's after two hyphens, and the kind of organisation where it is none
 * of production. Nothing in it can lead out of Salesforce's domain.
 * Source: https://help.salesforce.com/s/articleView?id=sf.domain_name_url_format_changes_enhanced_domains.htm
 */
const myDomainSchema = z.string().max(80).regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.(sandbox|develop|scratch|demo|patch|trailblaze|free))?$/);

const settingsSchema = z.object({
  /** The currency of an organisation that has one only: Salesforce does not tell it. */
  companyCurrency: z.string().regex(/^[A-Z]{3}$/).optional(),
  environment: z.enum(['production', 'sandbox']).default('production'),
  myDomain: myDomainSchema.optional(),
});

/** What a person chooses before signing in; kept, because tokens are renewed at the same place. */
export type SalesforceLogin = z.infer<typeof settingsSchema>;

/** @throws Failure `invalid` where the settings name no environment or a domain that Salesforce does not give out. */
export function readLogin(settings: unknown): SalesforceLogin {
  const parsed = settingsSchema.safeParse(settings);
  if (parsed.success) return parsed.data;
  throw new Failure('invalid', 'Salesforce: environment is production or sandbox; myDomain is what stands before .my.salesforce.com, in lower case; companyCurrency is a code such as EUR.', { pointer: `/settings/${String(parsed.error.issues[0]?.path[0] ?? '')}` });
}

/** The address of the login server. */
export function loginAddress(app: SalesforceApp, { environment, myDomain }: SalesforceLogin): string {
  if (myDomain !== undefined) return app.salesforceMyDomainUrl.replace('{domain}', myDomain);
  return environment === 'sandbox' ? app.salesforceSandboxLoginUrl : app.salesforceLoginUrl;
}
