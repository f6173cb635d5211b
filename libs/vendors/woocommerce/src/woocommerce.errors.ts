import { Failure } from '@crossdock/contracts';
import { retryAfterMs } from '@crossdock/rate-budgets';
import { z } from 'zod';

const bodySchema = z.object({
  code: z.string().regex(/^[a-z0-9_-]{1,100}$/i),
  data: z.object({ params: z.record(z.string(), z.unknown()).optional() }).optional(),
});

export interface WooCommerceRefusal {
  readonly operation: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/**
 * What a shop's refusal means to the hub. Bodies are `{code, message, data: {status, params}}`, or a page of the host
 * in front of it. The message may quote values, so that only the code and the names of the fields are passed on.
 * Source: https://woocommerce.github.io/woocommerce-rest-api-docs/#errors
 */
export function woocommerceFailure({ operation, status, headers, body }: WooCommerceRefusal): Failure {
  const error = readBody(body);
  const field = Object.keys(error?.data?.params ?? {})[0];
  const details = field === undefined ? {} : { field };
  const at = `WooCommerce answered ${operation} with ${status}${error ? ` (${error.code})` : ''}`;
  if (status >= 300 && status < 400) return new Failure('invalid', `${at}: the shop lives at another address; correct the connection.`);
  switch (status) {
    // A change of a record that is not there is refused with 400, where a look at it is with 404: class-wc-rest-crud-controller.php, `update_item`.
    case 400: return error?.code.endsWith('_invalid_id') === true
      ? new Failure('not_found', `${at}: there is no such record.`)
      : new Failure('invalid', `${at}: it does not accept the data.`, details);
    case 401: return new Failure('unauthorised', `${at}: the consumer key is refused or may not do this. Connect the shop again.`);
    case 403: return new Failure('forbidden', `${at}: the consumer key may not do this, or the shop's host blocks the call.`);
    case 404: return error?.code === 'rest_no_route'
      ? new Failure('forbidden', `${at}: the shop's REST interface is switched off or elsewhere.`)
      : new Failure('not_found', `${at}: there is no such record.`);
    case 409: return new Failure('conflict', `${at}: the record was changed in between.`);
    case 429: return new Failure('rate_limited', `${at}: the shop's host asks for a pause.`, retryAfter(headers));
    case 408: return new Failure('transient', at);
    default: return new Failure(status >= 500 ? 'transient' : 'unexpected', at, status === 503 ? retryAfter(headers) : {});
  }
}

function readBody(body: string): z.infer<typeof bodySchema> | undefined {
  try {
    return bodySchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

function retryAfter(headers: Headers): { retryAfterMs?: number } {
  const pauseMs = retryAfterMs(headers);
  return pauseMs === undefined ? {} : { retryAfterMs: pauseMs };
}
