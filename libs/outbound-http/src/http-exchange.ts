import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { VendorResponse } from './vendor-call.ts';

/** How far a call had come when it failed: `unsent` is certain to have had no effect. */
export type ExchangePhase = 'unsent' | 'sent' | 'answered';
export type ExchangeFault = 'network' | 'timeout' | 'cancelled' | 'too_large';

export class ExchangeError extends Error {
  readonly fault: ExchangeFault;
  readonly phase: ExchangePhase;

  constructor(fault: ExchangeFault, phase: ExchangePhase, cause: unknown) {
    super(`${fault} (${phase})`, { cause });
    this.name = 'ExchangeError';
    this.fault = fault;
    this.phase = phase;
  }
}

export interface ExchangeLimits {
  /** From the call to the last byte of the answer. */
  readonly timeoutMs: number;
  /** From the last byte sent to the answer's headers. */
  readonly headersTimeoutMs: number;
  /** Between two pieces of the answer's body. */
  readonly bodyIdleTimeoutMs: number;
  readonly maxResponseBytes: number;
  readonly signal?: AbortSignal;
}

/**
 * One request and its whole answer over undici; redirects are answers like any other.
 * @throws ExchangeError (as rejection) saying what went wrong and whether anything had been sent; undici's own error for
 * a request that cannot be written.
 */
export function exchange(
  dispatcher: Dispatcher, options: Dispatcher.DispatchOptions, limits: ExchangeLimits,
): Promise<VendorResponse> {
  return new Promise((resolve, reject) => {
    let phase: ExchangePhase = 'unsent';
    let controller: Dispatcher.DispatchController | undefined;
    let failed: ExchangeError | undefined;
    let status = 0;
    let headers = new Headers();
    let receivedBytes = 0;
    const chunks: Buffer[] = [];

    const timer = setTimeout(() => {
      fail('timeout', new Error(`no whole answer within ${limits.timeoutMs} ms`));
    }, limits.timeoutMs);
    const onCancel = () => fail('cancelled', limits.signal?.reason);
    limits.signal?.addEventListener('abort', onCancel, { once: true });
    const release = () => {
      clearTimeout(timer);
      limits.signal?.removeEventListener('abort', onCancel);
    };

    function fail(fault: ExchangeFault, cause: unknown): void {
      if (failed) return;
      failed = new ExchangeError(fault, phase, cause);
      release();
      reject(failed);
      controller?.abort(failed);
    }

    if (limits.signal?.aborted) return onCancel();
    dispatcher.dispatch({ ...options, headersTimeout: limits.headersTimeoutMs, bodyTimeout: limits.bodyIdleTimeoutMs }, {
      onRequestStart(started) {
        controller = started;
        if (failed) started.abort(failed); // Ended while it still waited for a connection.
        else phase = 'sent';
      },
      onResponseStart(_controller, statusCode, incoming) {
        if (statusCode < 200) return;
        phase = 'answered';
        status = statusCode;
        headers = toHeaders(incoming);
      },
      onResponseData(_controller, chunk) {
        receivedBytes += chunk.length;
        if (receivedBytes > limits.maxResponseBytes) {
          fail('too_large', new Error(`the answer is larger than ${limits.maxResponseBytes} bytes`));
        } else chunks.push(chunk);
      },
      onResponseEnd() {
        if (failed) return;
        release();
        resolve(new VendorResponse(status, headers, Buffer.concat(chunks)));
      },
      onResponseError(_controller, error) {
        if (failed) return;
        const code = codeOf(error);
        if (code !== 'UND_ERR_INVALID_ARG') return fail(code.endsWith('_TIMEOUT') ? 'timeout' : 'network', error);
        // A request that cannot be written at all is a fault of ours, not of the network.
        release();
        reject(error);
      },
    });
  });
}

function toHeaders(incoming: IncomingHttpHeaders): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) headers.append(name, one);
  }
  return headers;
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
