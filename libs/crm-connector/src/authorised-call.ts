import type { AccessTokens, Connection } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import type { OutboundHttp, VendorResponse } from '@crossdock/outbound-http';
import type { VendorLimits } from '@crossdock/rate-budgets';

/** What a connector needs of the connections library to speak for a connection. */
export type TokenSource = Pick<AccessTokens, 'get' | 'refreshAfter401'>;

/** One call to a vendor on behalf of a connection. */
export interface AuthorisedCall {
  readonly connection: Connection;
  /** Metric label from a small fixed set, such as `contacts.batchUpsert`. */
  readonly operation: string;
  readonly signal: AbortSignal;
}

export interface AuthorisedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly timeoutMs: number;
  /** A larger answer is cut off; left out, the default of `OutboundHttp`. */
  readonly maxResponseBytes?: number;
  /** The call may be repeated without a second effect although its method is not GET or HEAD. */
  readonly idempotent: boolean;
  /** What the vendor allows; the call is counted against it before it goes out. */
  readonly limits: VendorLimits;
  /** How this vendor is shown the token; left out, as `authorization: Bearer …`. */
  readonly presentToken?: (token: string) => Readonly<Record<string, string>>;
  /** Whether the vendor refuses the token itself, so that another one may help; left out, every 401 says so. */
  readonly refusesToken?: (response: VendorResponse) => boolean;
}

/** Tokens that are tried for one call. */
const mostTokens = 3;

const refusesWith401 = ({ status }: VendorResponse): boolean => status === 401;
const asBearer = (token: string): Readonly<Record<string, string>> => ({ authorization: `Bearer ${token}` });

/**
 * Sends a request with the connection's access token. A token that the vendor refuses is refreshed and the request sent
 * again; any other answer goes back to the caller. Only the vendor's token endpoint can say that a person must reconnect: a
 * refusal of tokens that it has just given (they may have been ended in that moment) is something that passes.
 * @throws Failure `unauthorised` where the vendor refuses to refresh, `transient` where it refuses several new tokens in a
 * row, and those of `OutboundHttp.send`.
 */
export async function sendAuthorised(
  { http, tokens }: { readonly http: OutboundHttp; readonly tokens: TokenSource },
  { connection, operation, signal }: AuthorisedCall,
  { presentToken = asBearer, refusesToken = refusesWith401, limits, ...request }: AuthorisedRequest,
): Promise<VendorResponse> {
  const send = (token: string): Promise<VendorResponse> => http.send({
    ...request,
    headers: { ...request.headers, ...presentToken(token) },
    vendor: connection.vendor,
    tenantId: connection.tenantId,
    connectionId: connection.id,
    operation,
    budget: { limits, settings: connection.settings },
    signal,
  });
  let token = await tokens.get(connection);
  for (let tried = 1; tried <= mostTokens; tried += 1) {
    const response = await send(token);
    if (!refusesToken(response)) return response;
    token = await tokens.refreshAfter401(connection, token);
  }
  throw new Failure('transient', `${connection.vendor} refused ${operation} with ${mostTokens} tokens that it had just given.`);
}
