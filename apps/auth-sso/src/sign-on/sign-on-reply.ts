import type { FastifyReply } from 'fastify';
import { pageHeaders, renderPage, type Page } from '../browser/page.ts';

/** What a browser gets: a page, or the way to the next place; with cookies. */
export type SignOnReply =
  | { readonly page: Page; readonly cookies?: readonly string[]; readonly retryAfterSeconds?: number }
  | { readonly location: string; readonly cookies?: readonly string[] };

/** Answers a browser. 303, so that it asks for the next place by GET whatever it did before. */
export async function answer(reply: FastifyReply, given: SignOnReply): Promise<void> {
  void reply.headers(pageHeaders);
  if (given.cookies && given.cookies.length > 0) void reply.header('set-cookie', [...given.cookies]);
  if ('location' in given) await reply.status(303).header('location', given.location).send('');
  else {
    if (given.retryAfterSeconds !== undefined) void reply.header('retry-after', String(given.retryAfterSeconds));
    await reply.status(given.page.status).send(renderPage(given.page));
  }
}
