import type { CallPurpose, VendorRequest, VendorResponse } from './vendor-call.ts';

/** What a `fetch` is made for. Without `operation` the method names it; a function can tell an SDK's calls apart. */
export interface FetchPurpose extends Omit<CallPurpose, 'operation'> {
  readonly operation?: string | ((request: { method: string; pathname: string }) => string);
  /** Every call made through this `fetch` may be repeated without a second effect. */
  readonly idempotent?: boolean;
  readonly timeoutMs?: number;
  readonly maxResponseBytes?: number;
  /** Ends any call early, beside the signal that an SDK gives itself. */
  readonly signal?: AbortSignal;
}

const bodilessStatuses = new Set([204, 205, 304]);

/** A `fetch` that sends through `send`. It never follows redirects and reads the whole answer before it returns. */
export function fetchThrough(send: (request: VendorRequest) => Promise<VendorResponse>, purpose: FetchPurpose): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { operation, signal, ...rest } = purpose;
    const answer = await send({
      ...rest,
      operation: operationName(operation, request),
      method: request.method,
      url: request.url,
      headers: request.headers,
      signal: signal ? AbortSignal.any([signal, request.signal]) : request.signal,
      ...(request.body && { body: new Uint8Array(await request.arrayBuffer()) }),
    });
    const body = bodilessStatuses.has(answer.status) ? null : new Uint8Array(answer.body);
    return new Response(body, { status: answer.status, headers: answer.headers });
  };
}

function operationName(operation: FetchPurpose['operation'], request: Request): string {
  if (typeof operation === 'function') {
    return operation({ method: request.method, pathname: new URL(request.url).pathname });
  }
  return operation ?? request.method.toLowerCase();
}
