import type { OpenIdPerson } from '../control/openid-control.schema.ts';

const style = 'body{font:1rem/1.5 system-ui,sans-serif;max-width:30rem;margin:4rem auto;padding:0 1rem}button{display:block;width:100%;margin:.5rem 0;padding:.75rem;font:inherit;text-align:left;cursor:pointer}';

/** Where a person says who they are: a button for each that the provider knows. */
export function personPage(people: readonly OpenIdPerson[]): string {
  const buttons = people.map(({ login, name, email }) => `<button name="login" value="${shown(login)}">${shown(name)} (${shown(email)})</button>`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sign on at the sandbox</title><style>${style}</style></head>
<body><main><h1>Who are you?</h1><p>This is the sandbox’s identity provider. It asks for no password.</p><form>${buttons.join('')}</form></main></body></html>`;
}

function shown(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
