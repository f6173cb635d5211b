import type { HtmlPage } from '../html-page.ts';

/** What a person sees after a post, where no page of the tenant's follows. */
export const formPages = {
  thanks: { title: 'Thank you', text: 'We have received what you sent.' },
  unknown: { title: 'This form is not in use', text: 'It was removed, or its address is incomplete. Tell the owner of the page.' },
  elsewhere: { title: 'This form was not sent from its page', text: 'Open the page that it stands on, and send it from there.' },
  tooMany: { title: 'Too many at once', text: 'Wait a minute, and send the form again.' },
  away: { title: 'That did not work', text: 'Nothing was kept. Go back, and send the form again in a few minutes.' },
} as const satisfies Readonly<Record<string, HtmlPage>>;

export function wrongFieldsPage(fields: readonly string[]): HtmlPage {
  return { title: 'Please look at it once more', text: `These fields are missing or wrong: ${fields.join(', ')}. Go back, correct them, and send the form again.` };
}
