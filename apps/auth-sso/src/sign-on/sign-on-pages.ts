import type { Page, PageLink } from '../browser/page.ts';
import type { SignOnRefusal } from '../people/sign-on-decision.ts';
import type { IdentityProvider } from '../providers/identity-provider.ts';
import type { ProviderRefusal } from '../providers/provider-answer.ts';
import type { LoginTokenRefusal } from './login-tokens.ts';
import type { DialogueRefusal } from './provider-dialogues.ts';
import type { SignOnReply } from './sign-on-reply.ts';

const again = 'Go back to the application that you came from and sign in again.';

/** Pages that say what happened without a word of the address that was called or of anybody else. */
export const signOnPages = {
  noApplication: page(404, 'There is no application here', 'This address belongs to no application of this installation. Check it, or ask whoever gave it to you.'),
  noProvider: page(409, 'Nobody can sign in yet', 'No identity provider is set up for this application. Ask its administrator.'),
  wrongReturn: page(400, 'This link is not valid', 'It asks to send you to a place outside of the application. Nothing was done. Start from the application itself.'),
  requestOver: page(410, 'This sign-in has run out', `You have ten minutes to sign in. ${again}`),
  notSignedOn: page(401, 'Sign in first', 'A further account is added by somebody who is signed in. Sign in the way you always do, and add it then.'),
  foreignPost: page(403, 'This form came from elsewhere', `It was not sent by the page that shows it. ${again}`),
  signedOut: page(200, 'You are signed out', 'You are signed out of every application of this organisation in this browser. Your identity provider may still know you.'),
} as const;

/** Too much is asked for from one address, or at one tenant. */
export function busyReply(restSeconds: number): SignOnReply {
  return {
    page: page(429, 'Too many people sign in at this moment', `Too many pages of sign-in were asked for from your network or at this organisation. Try again in ${restSeconds} seconds. Nothing was done.`),
    retryAfterSeconds: restSeconds,
  };
}

export function circlePage(retry: string): Page {
  return {
    ...page(429, 'You were sent in a circle', 'You were signed in several times within a minute, and the application asked again each time. '
      + 'It may be that this browser does not keep the application’s cookies, or that its clock is wrong. Nothing further was done.'),
    links: [{ text: 'Try once more in a minute', href: retry }],
  };
}

/** People choose: by their address, or by the provider's name. */
export function choicePage(providers: readonly IdentityProvider[], request: string, href: (provider: IdentityProvider) => string): Page {
  return {
    ...page(200, 'Sign in', 'Enter your work e-mail address, or choose where you sign in.'),
    emailForm: { action: '/sign-on/find', request },
    links: providers.map((provider) => ({ text: `Sign in with ${provider.name}`, href: href(provider) })),
  };
}

/** Where an address leads. Whether anybody has this address is not told. */
export function foundPage(links: readonly PageLink[]): Page {
  return links.length === 0
    ? page(200, 'This address leads nowhere', 'No identity provider is set up for addresses of this domain. Check the address, go back and choose by name, or ask your administrator.')
    : { ...page(200, 'Sign in', 'Continue at your organisation’s identity provider.'), links };
}

export function dialogueRefusedPage(refusal: DialogueRefusal): Page {
  switch (refusal) {
    case 'unknown': return page(400, 'This link is not valid', `It was not made by this installation, or it is incomplete. ${again}`);
    case 'used': return page(409, 'This link has been used', `Each answer of an identity provider counts once. ${again}`);
    case 'expired': return signOnPages.requestOver;
    case 'other_browser': return page(403, 'This link belongs to another browser', `Only the browser that began can go on. ${again}`);
    case 'other_provider': return page(400, 'This answer came from another provider', `It does not belong to the sign-in that was begun. ${again}`);
  }
}

export function providerRefusedPage(refusal: ProviderRefusal): Page {
  switch (refusal) {
    case 'denied': return page(403, 'You were not signed in', `Your identity provider did not let you in, or you did not agree. ${again}`);
    case 'code_refused': return page(502, 'Your identity provider refused', `It did not accept its own answer; it may have run out. ${again}`);
    case 'provider_away': return page(503, 'Your identity provider does not answer', `Wait a few minutes. ${again}`);
    case 'wrong_answer': return page(502, 'Your identity provider’s answer does not hold', 'It could not be proved that it comes from there and is meant for you. You were not signed in. Tell your administrator.');
  }
}

export function personRefusedPage(refusal: SignOnRefusal): Page {
  switch (refusal) {
    case 'person_inactive': return page(403, 'Your account is switched off', 'Ask your administrator.');
    case 'not_provisioned': return page(403, 'You have no account here', 'Your identity provider knows you, this application does not. Ask your administrator to add you.');
    case 'address_taken': return page(409, 'This address signs in another way', 'There is an account with your address already. Sign in the way you did before; then you can add this way to it.');
    case 'linked_elsewhere': return page(409, 'This account belongs to somebody else', 'The account at the identity provider is another person’s here. Nothing was added.');
    case 'no_role': return page(403, 'You may do nothing here yet', 'You have an account and no role. Ask your administrator for one.');
  }
}

export function loginTokenRefusedPage(refusal: LoginTokenRefusal | 'other_tenant'): Page {
  const links = [{ text: 'Sign in again', href: '/sign-on/start' }];
  switch (refusal) {
    case 'unknown': return { ...page(400, 'This sign-in link is not valid', 'It was not made by this installation, or it is incomplete.'), links };
    case 'used': return { ...page(409, 'This sign-in link has been used', 'Each link signs in once. You may be signed in already.'), links };
    case 'expired': return { ...page(410, 'This sign-in link has run out', 'A link is good for five minutes.'), links };
    case 'other_domain':
    case 'other_tenant': return { ...page(403, 'This sign-in link is for another application', 'You were not signed in here.'), links };
    case 'other_browser': return { ...page(403, 'This sign-in link belongs to another browser', 'Only the browser that began can use it. If it is the same one, it does not keep cookies: allow them for this application.'), links };
    case 'session_over': return { ...page(401, 'You are signed out', 'You were signed out before you arrived.'), links };
  }
}

function page(status: number, title: string, text: string): Page {
  return { status, title, text };
}
