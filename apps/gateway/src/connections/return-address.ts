import { Failure } from '@crossdock/contracts';

/** Control characters, backslashes and white space are read differently by browsers and by servers. */
const unsafe = /[\s\\]|[^\x21-\x7e]/;

/**
 * Where a person may be sent after an authorisation: a path of this installation, or an address of an allowed origin.
 * @param allowedOrigins such as `https://app.example.com`; the installation's own is always allowed.
 * @throws Failure `invalid` for every other address.
 */
export function returnAddress(wanted: string, publicUrl: string, allowedOrigins: readonly string[]): string {
  const isReadable = wanted.length <= 2_048 && !unsafe.test(wanted) && URL.canParse(wanted, publicUrl);
  const url = isReadable ? new URL(wanted, publicUrl) : undefined;
  const isAllowed = url && (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === ''
    && [new URL(publicUrl).origin, ...allowedOrigins].includes(url.origin);
  if (!isAllowed) throw new Failure('invalid', 'returnTo must be a path of this installation or an address of an allowed origin.', { pointer: '/returnTo' });
  return url.href;
}
