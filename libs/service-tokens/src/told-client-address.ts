import { isIP } from 'node:net';
import type { CallerResolver, IdentifiedRequest } from './caller-resolver.ts';
import { TokenRefused } from './service-token.verifier.ts';

/** Names the address that a request first came from, where the gateway hands it on; believed of clients with the scope for it, which is the gateway. */
export const clientAddressHeader = 'x-crossdock-client-address';
const delegateScope = 'client-address:delegate';

/**
 * The address that a request first came from, in the word of whoever handed it on. The caller's token proves who that is, so that no addresses of proxies need to be known
 * and nobody else's word counts.
 * @returns undefined where nobody who is believed names one. @throws Failure `transient` where tokens cannot be checked at present.
 */
export async function toldClientAddress({ headers }: IdentifiedRequest, callers: CallerResolver): Promise<string | undefined> {
  const { authorization, [clientAddressHeader]: told } = headers;
  if (typeof authorization !== 'string' || typeof told !== 'string' || isIP(told) === 0) return undefined;
  try {
    const { scopes } = await callers.authenticate(authorization);
    return scopes.has(delegateScope) ? told : undefined;
  } catch (thrown) {
    if (thrown instanceof TokenRefused) return undefined;
    throw thrown;
  }
}
