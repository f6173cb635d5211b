import type { Connection } from '@crossdock/connections';
import type { PostalAddress } from '@crossdock/contracts';
import { z } from 'zod';
import { ShippoCaller, type ShippoCallerOptions } from './shippo.caller.ts';
import { toShippoAddress } from './shippo.mapping.ts';

/** What is closed out by one manifest: labels of one carrier account, from one place, that leave on one day. */
export interface ManifestRequest {
  readonly carrierAccountId: string;
  readonly from: PostalAddress;
  /** ISO 8601. */
  readonly shippedAt: string;
  readonly transactionIds: readonly string[];
}

export interface ShippoManifest {
  readonly id: string;
  readonly state: 'queued' | 'ready' | 'failed';
  /** Addresses of the papers that the driver scans. */
  readonly documents: readonly string[];
  /** What the carrier says where it made none. */
  readonly errors: readonly string[];
}

const manifestSchema = z.object({
  object_id: z.string().min(1),
  status: z.enum(['QUEUED', 'SUCCESS', 'ERROR']),
  transactions: z.array(z.string()).nullish(),
  documents: z.array(z.string()).nullish(),
  errors: z.array(z.union([z.string(), z.object({ code: z.string() }).transform(({ code }) => code)])).nullish(),
});

const lookedThrough = 100;

/**
 * The papers by which a carrier takes a day's parcels over. Source: https://docs.goshippo.com/docs/manifests_and_pickups/manifestandscanforms.
 * Every method throws `shippoFailure`'s and OutboundHttp's failures.
 */
export class ShippoManifests {
  readonly #caller: ShippoCaller;

  constructor(options: ShippoCallerOptions) {
    this.#caller = new ShippoCaller(options);
  }

  /** Makes a manifest, once: one for the same labels that an earlier try made is looked for first, among the newest hundred. */
  async make(connection: Connection, request: ManifestRequest, signal?: AbortSignal): Promise<ShippoManifest> {
    const { results } = await this.#caller.call(connection, {
      operation: 'manifests.list', schema: z.object({ results: z.array(manifestSchema) }), signal,
      invoke: (sdk) => sdk.manifests.list(1, lookedThrough),
    });
    const wanted = new Set(request.transactionIds);
    const made = results.find(({ status, transactions }) => status !== 'ERROR' && transactions?.length === wanted.size && transactions.every((id) => wanted.has(id)));
    return toManifest(made ?? await this.#caller.call(connection, {
      operation: 'manifests.create', schema: manifestSchema, signal,
      invoke: (sdk) => sdk.manifests.create({
        carrierAccount: request.carrierAccountId, shipmentDate: request.shippedAt, transactions: [...request.transactionIds],
        addressFrom: toShippoAddress(request.from), async: true,
      }),
    }));
  }

  /** How far a manifest is. */
  async find(connection: Connection, manifestId: string, signal?: AbortSignal): Promise<ShippoManifest> {
    return toManifest(await this.#caller.call(connection, {
      operation: 'manifests.get', schema: manifestSchema, signal, invoke: (sdk) => sdk.manifests.get(manifestId),
    }));
  }
}

function toManifest({ object_id: id, status, documents, errors }: z.infer<typeof manifestSchema>): ShippoManifest {
  const states = { QUEUED: 'queued', SUCCESS: 'ready', ERROR: 'failed' } as const;
  return { id, state: states[status], documents: documents ?? [], errors: (errors ?? []).map((error) => error.slice(0, 200)) };
}
