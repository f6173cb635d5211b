import { createHash } from 'node:crypto';
import type { AuthorisationRefusal } from '@crossdock/connections';
import type { Vendor } from '@crossdock/contracts';

/** A page that a person sees at the end of an authorisation. */
export interface AuthorisationPage {
  readonly title: string;
  readonly text: string;
  /** Where the link leads; checked before. */
  readonly returnTo?: string | undefined;
}

const style = 'body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem}';

/** Nothing but this very style is loaded or run, and no other site may frame the page. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

export function renderPage({ title, text, returnTo }: AuthorisationPage): string {
  const link = returnTo === undefined ? '' : `<p><a href="${escape(returnTo)}">Go back</a></p>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">`
    + `<title>${escape(title)}</title><style>${style}</style></head><body><h1>${escape(title)}</h1><p>${escape(text)}</p>${link}</body></html>`;
}

export function connectedPage(vendor: Vendor): AuthorisationPage {
  return { title: 'Connected', text: `The ${vendor} account is connected. You can close this window.` };
}

/** What happened and what to do, without a word of the vendor's or of the address that was called. */
export function refusalPage(refusal: AuthorisationRefusal, { vendor, missing = [] }: { readonly vendor?: Vendor | undefined; readonly missing?: readonly string[] | undefined }): AuthorisationPage {
  const account = vendor ? `the ${vendor} account` : 'the account';
  const again = 'Nothing was connected. Start again from the page where you began.';
  switch (refusal) {
    case 'forged':
    case 'unknown':
      return { title: 'This link is not valid', text: `It was not made by this installation, or it is incomplete. ${again}` };
    case 'expired':
      return { title: 'This link has run out', text: `You have ten minutes to agree at the vendor. ${again}` };
    case 'used':
      return { title: 'This link has been used', text: 'Each link works once. Look at the list of connections: the account may be connected already.' };
    case 'other_browser':
      return { title: 'This link belongs to another browser', text: `Only the browser that began can end it. ${again}` };
    case 'denied':
      return { title: 'You did not agree', text: `Without your consent ${account} cannot be connected. ${again}` };
    case 'missing_scopes':
      return { title: 'Permissions are missing', text: `${missing.length > 0 ? `These permissions were not given: ${missing.join(', ')}` : 'Not all of the permissions were given'}. Agree to all of them, as a user who has them. ${again}` };
    case 'account_taken':
      return { title: 'This account is connected elsewhere', text: `Disconnect ${account} there first. Whose it is cannot be shown here.` };
    case 'other_account':
      return { title: 'This is another account', text: `You agreed for another account than the one to be connected again. Sign in to the right one. ${again}` };
    case 'wrong_place':
      return { title: 'The vendor answered from an unknown place', text: `The data centre that was named is not one of the vendor's. ${again}` };
    case 'refused_by_vendor':
      return { title: 'The vendor refused', text: `The vendor did not accept the authorisation; its code may have run out. ${again}` };
    case 'vendor_away':
      return { title: 'The vendor does not answer', text: `Try again in a few minutes. ${again}` };
  }
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
