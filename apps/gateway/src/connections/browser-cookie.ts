/** Names the browser that began an authorisation. The prefix binds the cookie to this host and to TLS (RFC 6265bis). */
const cookieName = '__Host-crossdock-browser';
const tokenPattern = /^[\w-]{43}$/;
const lifetimeSeconds = 3_600;

/** The browser's token in a `Cookie` header; undefined where there is none, or two that could come from elsewhere. */
export function browserTokenOf(header: string | undefined): string | undefined {
  const values = (header ?? '').split(';').flatMap((pair) => {
    const [name, value] = pair.trim().split('=', 2);
    return name === cookieName && value !== undefined ? [value] : [];
  });
  const [token, ...others] = values;
  return token !== undefined && others.length === 0 && tokenPattern.test(token) ? token : undefined;
}

/** Lax, because the vendor sends the browser back from another site. */
export function browserCookie(token: string): string {
  return `${cookieName}=${token}; Path=/; Max-Age=${lifetimeSeconds}; Secure; HttpOnly; SameSite=Lax`;
}
