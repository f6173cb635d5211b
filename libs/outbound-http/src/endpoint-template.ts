/** A version (`v3`, `v67.0`, `2026-09`) or a word without a digit, as the vendors' resources are named. */
const telling = /^(v\d{1,3}(\.\d{1,2})?|\d{4}-\d{2}|[a-z][a-z_.-]{0,39})$/i;

/**
 * Host and path of an address without its query. Every part of the path that is no plain word or version may name a
 * record, hold an e-mail or a key, and becomes `{…}`.
 */
export function endpointTemplate(address: string): string {
  if (!URL.canParse(address)) return 'invalid';
  const { host, pathname } = new URL(address);
  return host + pathname.split('/').map((part) => (part === '' || telling.test(part) ? part : '{…}')).join('/');
}
