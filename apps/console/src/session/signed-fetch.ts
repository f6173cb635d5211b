import type { Session } from './session.ts';

/**
 * Calls the gateway as the person who is signed on. A token that was refused, such as one that was taken back, is exchanged once; a second refusal stands.
 * @param operatedTenant whose pages an operator looks at; other people's calls name no tenant, since theirs is in their session
 */
export function signedFetch(session: Session, operatedTenant: string | undefined): typeof globalThis.fetch {
  const send = async (input: RequestInfo | URL, init: RequestInit | undefined, token: string | undefined): Promise<Response> => {
    // Without a token nothing is asked: the answer is known.
    if (token === undefined) return new Response(null, { status: 401 });
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${token}`);
    if (session.isOperators && operatedTenant !== undefined) headers.set('x-crossdock-tenant', operatedTenant);
    return globalThis.fetch(input, { ...init, headers });
  };
  return async (input, init) => {
    const first = await send(input, init, await session.token());
    if (first.status !== 401) return first;
    const token = await session.renew();
    return token === undefined ? first : send(input, init, token);
  };
}
