import { VendorRefusal } from '../vendor-refusal.ts';

/** The address that the person's browser is sent back to. */
export function backTo(redirectUri: string, answer: Record<string, string | undefined>): string {
  const back = new URL(redirectUri);
  for (const [name, value] of Object.entries(answer)) if (value !== undefined) back.searchParams.set(name, value);
  return back.href;
}

/** A page that tells the person why it goes no further: a wrong address is never redirected to. */
export function pageRefusal(status: number, text: string): VendorRefusal {
  const shown = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return new VendorRefusal(status, `<!doctype html><html><body><p>${shown}</p></body></html>`, { 'content-type': 'text/html; charset=utf-8' });
}

/** An app that has registered addresses is sent back to those only, compared as whole texts (RFC 9700, 2.1). */
export const isRegistered = (registered: readonly string[] | null, redirectUri: string): boolean =>
  registered === null || registered.includes(redirectUri);
