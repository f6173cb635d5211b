import type { Session } from './session.ts';

/**
 * Calls the gateway as the person who is signed on. A token that was refused, such as one that was taken back, is exchanged once; a second refusal stands.
 */
export function signedFetch(session: Session): typeof globalThis.fetch {
  return async (input, init) => {
    const first = await send(input, init, await session.token());
    if (first.status !== 401) return first;
    const token = await session.renew();
    return token === undefined ? first : send(input, init, token);
  };
}

/** Without a token nothing is asked: the answer is known. */
async function send(input: RequestInfo | URL, init: RequestInit | undefined, token: string | undefined): Promise<Response> {
  if (token === undefined) return new Response(null, { status: 401 });
  const headers = new Headers(init?.headers);
  headers.set('authorization', `Bearer ${token}`);
  return globalThis.fetch(input, { ...init, headers });
}
