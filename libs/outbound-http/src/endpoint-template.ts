/** A version (`v3`, `v67.0`, `2026-09`) or a word without a digit, as the vendors' resources are named. */
const telling = /^(v\d{1,3}(\.\d{1,2})?|\d{4}-\d{2}|[a-z][a-z_.-]{0,39})$/i;

/**
 * The path of an address. The host is left out, because it may be the tenant's own, which is kept sealed; vendor and
 * connection say where the call went. Every part of the path that is no plain word or version may name a
 * record, hold an e-mail or a key, and becomes `{…}`.
 */
export function endpointTemplate(address: string): string {
  if (!URL.canParse(address)) return 'invalid';
  const { pathname } = new URL(address);
  return pathname.split('/').map((part) => (part === '' || telling.test(part) ? part : '{…}')).join('/');
}
