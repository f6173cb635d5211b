import { Failure } from '@crossdock/contracts';
import type { Connection, CredentialVault } from '@crossdock/connections';
import type { OutboundHttp, VendorResponse } from '@crossdock/outbound-http';
import type { z } from 'zod';
import { woocommerceCredentials } from './woocommerce.credentials.ts';
import { woocommerceFailure } from './woocommerce.errors.ts';
import { woocommerceLimits, woocommerceRateLimits } from './woocommerce.limits.ts';
import { shopAddress } from './woocommerce.shop.ts';

export interface WooCommerceOptions {
  readonly http: OutboundHttp;
  readonly vault: Pick<CredentialVault, 'use'>;
}

export interface ShopCall {
  readonly operation: string;
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Below the interface's address, with its query. */
  readonly path: string;
  readonly body?: object;
  /** False where a repeat would do it twice. */
  readonly idempotent?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A shop's REST interface v3. The connection's `endpoint` is the shop's address. Every call throws what `woocommerceFailure`
 * makes of a refusal, and OutboundHttp's failures.
 */
export class ShopInterface {
  readonly #options: WooCommerceOptions;

  constructor(options: WooCommerceOptions) {
    this.#options = options;
  }

  /** The body of the answer, as the schema reads it. */
  async read<Schema extends z.ZodType>(connection: Connection, call: ShopCall, schema: Schema): Promise<z.infer<Schema>> {
    return guard(schema, await this.answer(connection, call), call.operation);
  }

  answer(connection: Connection, call: ShopCall): Promise<VendorResponse> {
    return this.#options.vault.use(connection, [woocommerceCredentials.consumerKey, woocommerceCredentials.consumerSecret], (keys) =>
      this.#callWith(connection, keys.join(':'), call));
  }

  async #callWith(connection: Connection, keys: string, { operation, method, path, body, idempotent = true, signal }: ShopCall): Promise<VendorResponse> {
    const answer = await this.#options.http.send({
      vendor: 'woocommerce', tenantId: connection.tenantId, connectionId: connection.id,
      operation, method, idempotent,
      url: `${addressOf(connection)}/${woocommerceLimits.apiPath}/${path}`,
      headers: {
        authorization: `Basic ${Buffer.from(keys).toString('base64')}`,
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      timeoutMs: woocommerceLimits.timeoutMs,
      maxResponseBytes: woocommerceLimits.maxResponseBytes,
      budget: { limits: woocommerceRateLimits, settings: connection.settings },
      ...(signal && { signal }),
    });
    if (answer.status === 200 || answer.status === 201) return answer;
    throw woocommerceFailure({ operation, status: answer.status, headers: answer.headers, body: answer.text() });
  }
}

/** @throws Failure `unexpected` */
export function guard<Schema extends z.ZodType>(schema: Schema, answer: VendorResponse, operation: string): z.infer<Schema> {
  try {
    return schema.parse(answer.json());
  } catch {
    throw unexpected(operation);
  }
}

export function unexpected(operation: string): Failure {
  return new Failure('unexpected', `WooCommerce's answer to ${operation} is not as documented; a plugin of the shop may spoil it.`);
}

/** @throws Failure `unauthorised` where the connection holds no address that opens. */
function addressOf({ endpoint }: Connection): string {
  if (endpoint === undefined) throw new Failure('unauthorised', 'The address of the WooCommerce shop is missing or does not open; connect the shop again.');
  return shopAddress(endpoint);
}
