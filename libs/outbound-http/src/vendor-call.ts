import { Failure, parseJson, type CalledParty } from '@crossdock/contracts';
import type { AccountSettings, VendorLimits } from '@crossdock/rate-budgets';
import type { z } from 'zod';

/** For whom and for what a call goes out: the labels of its metric, its log line and its circuit. */
export interface CallPurpose {
  readonly vendor: CalledParty;
  readonly tenantId: string;
  readonly connectionId: string;
  /** What the call does, from a small fixed set such as `contacts.batchUpsert`: it is a metric label. */
  readonly operation: string;
  /** What the account may use at the vendor; left out where no limit counts, as for most vendors' token endpoints. */
  readonly budget?: { readonly limits: VendorLimits; readonly settings: AccountSettings };
}

export interface VendorRequest extends CallPurpose {
  readonly method: string;
  /** Absolute http or https address. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | Headers;
  readonly body?: string | Uint8Array;
  /** From the call to the last byte of the answer, waiting for a free connection included. */
  readonly timeoutMs?: number;
  /** How long the vendor may take to begin its answer. Default: `timeoutMs`. The resolution is about a second. */
  readonly headersTimeoutMs?: number;
  /** How long the answer may stand still once it has begun. Default 10 s. The resolution is about a second. */
  readonly bodyIdleTimeoutMs?: number;
  /** The call may be repeated without a second effect although its method is not GET or HEAD. */
  readonly idempotent?: boolean;
  /** A larger answer is cut off and counts as `unexpected`. */
  readonly maxResponseBytes?: number;
  /** Ends the call early, as when a task's lease is lost. */
  readonly signal?: AbortSignal;
}

/** The vendor's answer, whatever its status; only the vendor's library knows what a status means. */
export class VendorResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;

  constructor(status: number, headers: Headers, body: Buffer) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  text(): string {
    return this.body.toString('utf8');
  }

  /** The body as JSON, or undefined where it is none; pass the value through a schema before believing it. */
  json(): unknown {
    return parseJson(this.text());
  }

  /**
   * The body, if it is what the vendor documents.
   * @param what whose answer it is, as a message calls it: `HubSpot's answer to oauth.refresh`.
   * @throws Failure `unexpected`
   */
  read<Schema extends z.ZodType>(schema: Schema, what: string): z.infer<Schema> {
    const parsed = schema.safeParse(this.json());
    if (parsed.success) return parsed.data;
    throw new Failure('unexpected', `${what} is not as documented.`, { cause: parsed.error });
  }
}
