import type { AuthorisationRefusal } from '@crossdock/connections';
import type { Vendor } from '@crossdock/contracts';
import type { HtmlPage } from '../html-page.ts';

export function connectedPage(vendor: Vendor): HtmlPage {
  return { title: 'Connected', text: `The ${vendor} account is connected. You can close this window.` };
}

/** What happened and what to do, without a word of the vendor's or of the address that was called. */
export function refusalPage(refusal: AuthorisationRefusal, { vendor, missing = [] }: { readonly vendor?: Vendor | undefined; readonly missing?: readonly string[] | undefined }): HtmlPage {
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
