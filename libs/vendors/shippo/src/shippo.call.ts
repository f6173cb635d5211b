import { Failure } from '@crossdock/contracts';
import type { Connection } from '@crossdock/connections';
import type { OutboundHttp } from '@crossdock/outbound-http';
import type { Shippo } from 'shippo';
import type { z } from 'zod';
import { isTestToken, shippoAuthorization } from './shippo.api.ts';
import { shippoFailure } from './shippo.errors.ts';
import { shippoLimits, shippoRateLimits } from './shippo.limits.ts';

export interface ShippoCall<Schema extends z.ZodType> {
  readonly http: OutboundHttp;
  readonly apiUrl: string;
  readonly apiToken: string;
  readonly connection: Connection;
  readonly operation: string;
  /** A repeat has no second effect that matters, so that a call without an answer is `transient`. */
  readonly idempotent: boolean;
  readonly signal: AbortSignal | undefined;
  /** What the answer must look like. */
  readonly schema: Schema;
}

/** The SDK is 400 modules: whoever makes no call starts without them. */
// eslint-disable-next-line no-restricted-syntax -- No import rule is about this package.
const loadSdk = () => Promise.all([import('shippo'), import('shippo/lib/http.js')]);

/**
 * One call through the official SDK: it writes the request, our own way out carries it, our own schema reads the
 * answer. The SDK's reading is left aside because it refuses what Shippo really sends (such as `"metadata": null` or a
 * track without `messages`), after the call has had its effect.
 * @throws what `shippoFailure` makes of a refusal, OutboundHttp's failures, and `unexpected` for a strange answer.
 */
export async function callShippo<Schema extends z.ZodType>(
  call: ShippoCall<Schema>, invoke: (sdk: Shippo) => Promise<unknown>,
): Promise<z.infer<Schema>> {
  const { connection, operation, idempotent, signal } = call;
  const send = call.http.fetchFor({
    vendor: 'shippo', tenantId: connection.tenantId, connectionId: connection.id, operation, idempotent,
    timeoutMs: shippoLimits.timeoutMs, maxResponseBytes: shippoLimits.maxResponseBytes,
    budget: { limits: shippoRateLimits, settings: { ...connection.settings, isTestAccount: isTestToken(call.apiToken) } },
    ...(signal && { signal }),
  });
  let answer: { status: number; headers: Headers; body: string } | undefined;
  const [{ Shippo: Sdk }, { HTTPClient }] = await loadSdk();
  const sdk = new Sdk({
    serverURL: call.apiUrl,
    apiKeyHeader: shippoAuthorization(call.apiToken),
    shippoApiVersion: shippoLimits.apiVersion,
    httpClient: new HTTPClient({
      fetcher: async (input: Parameters<typeof fetch>[0], init) => {
        const response = await send(input, init);
        answer = { status: response.status, headers: response.headers, body: await response.clone().text() };
        return response;
      },
    }),
  });
  try {
    await invoke(sdk);
  } catch (thrown) {
    if (!answer) throw failureBehind(thrown, operation);
  }
  if (!answer) throw new Failure('unexpected', `The Shippo SDK made no call for ${operation}.`);
  if (answer.status < 200 || answer.status >= 300) throw shippoFailure({ operation, ...answer });
  return read(call.schema, answer.body, operation);
}

/** The SDK wraps what its transport throws; a refusal of the SDK to write the request has no failure inside. */
function failureBehind(thrown: unknown, operation: string): Failure {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (error instanceof Failure) return error;
  }
  return new Failure('invalid', `The Shippo SDK refuses the data of ${operation}.`, { cause: thrown });
}

function read<Schema extends z.ZodType>(schema: Schema, body: string, operation: string): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(body));
  } catch (thrown) {
    throw new Failure('unexpected', `Shippo's answer to ${operation} is not as documented.`, { cause: thrown });
  }
}
