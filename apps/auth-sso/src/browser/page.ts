import { createHash } from 'node:crypto';

/** A link on a page; its address is one of our own or was checked before. */
export interface PageLink {
  readonly text: string;
  readonly href: string;
}

/** A plain page: a heading, what happened, what to do next. */
export interface Page {
  readonly status: number;
  readonly title: string;
  readonly text: string;
  readonly links?: readonly PageLink[];
  /** Asks for an e-mail address and posts it, with the request it belongs to, to the address. */
  readonly emailForm?: { readonly action: string; readonly request: string };
}

const style = 'body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:12vh auto;padding:0 1rem;color:#1b1b1b;background:#fff}'
  + 'a,button{color:#0b57d0}button,input{font:inherit;padding:.5rem .75rem}label{display:block;margin-bottom:.25rem}li{margin:.5rem 0}'
  + 'input{width:100%;box-sizing:border-box;margin-bottom:.75rem;border:1px solid #595959}:focus-visible{outline:3px solid #0b57d0;outline-offset:2px}';

/** Nothing but this style is loaded, nothing is run, the form goes here only, and no site may frame the page or learn of its address. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  // Not `no-referrer`: with it browsers name no origin for our own form either.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
} as const;

export function renderPage({ title, text, links = [], emailForm }: Page): string {
  const list = links.map(({ text: label, href }) => `<li><a href="${escape(href)}">${escape(label)}</a></li>`).join('');
  const form = emailForm === undefined ? '' : `<form method="post" action="${escape(emailForm.action)}">`
    + `<input type="hidden" name="request" value="${escape(emailForm.request)}"><label for="email">Work e-mail address</label>`
    + '<input id="email" name="email" type="email" autocomplete="username" required maxlength="254"><button type="submit">Continue</button></form>';
  return '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    + `<title>${escape(title)}</title><style>${style}</style></head><body><main><h1>${escape(title)}</h1><p>${escape(text)}</p>`
    + `${form}${list === '' ? '' : `<ul>${list}</ul>`}</main></body></html>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
