/** What browsers and servers read differently: control characters, white space, backslashes, anything beyond ASCII. */
const unsafe = /[\s\\]|[^\x21-\x7e]/;
const maxLength = 2_048;

/**
 * Where an application sends a person on after sign-on: a path of its own, never another host.
 * @returns undefined for everything that is no such path.
 */
export function returnPath(wanted: string, origin: string): string | undefined {
  if (wanted.length > maxLength || unsafe.test(wanted) || !wanted.startsWith('/') || wanted.startsWith('//')) return undefined;
  if (!URL.canParse(wanted, origin)) return undefined;
  const url = new URL(wanted, origin);
  if (url.origin !== origin) return undefined;
  const path = `${url.pathname}${url.search}${url.hash}`;
  // `/..//evil` becomes a path that a browser reads as a host.
  return path.startsWith('//') ? undefined : path;
}
