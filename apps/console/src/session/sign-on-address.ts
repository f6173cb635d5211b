/** Where sign-on begins, for somebody who comes back to a path of this host. */
export function signOnAddress(returnTo: string): string {
  return `/sign-on/start?${new URLSearchParams({ returnTo }).toString()}`;
}
