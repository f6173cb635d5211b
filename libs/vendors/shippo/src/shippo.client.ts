import { Failure, type Parcel, type PostalAddress, type TrackingUpdate } from '@crossdock/contracts';
import type { Connection, CredentialVault } from '@crossdock/connections';
import type { OutboundHttp } from '@crossdock/outbound-http';
import type { Shippo } from 'shippo';
import { z } from 'zod';
import { callShippo } from './shippo.call.ts';
import { carrierFailure, carrierMessagesSchema } from './shippo.errors.ts';
import {
  rateSchema, toShippingRate, toShippoAddress, toShippoParcel, toTrackingUpdate, trackSchema, type ShippingRate,
} from './shippo.mapping.ts';

/** Names of an account's secrets in the vault. */
export const shippoCredentials = {
  apiToken: 'api_token', webhookToken: 'webhook_token', webhookSecret: 'webhook_secret',
} as const;

export interface ShippoClientOptions {
  readonly http: OutboundHttp;
  readonly vault: Pick<CredentialVault, 'use'>;
  readonly apiUrl: string;
}

export interface ShipmentRequest {
  readonly from: PostalAddress;
  readonly to: PostalAddress;
  readonly parcel: Parcel;
  /** Our own id of the shipment, kept at Shippo beside its record; at most 100 characters. */
  readonly reference: string;
}

export interface RatedShipment {
  readonly shipmentId: string;
  /** What carriers ask, cheapest first; never empty. They hold for seven days. */
  readonly rates: readonly ShippingRate[];
}

/** A bought label. */
export interface ShippingLabel {
  readonly transactionId: string;
  readonly trackingNumber: string;
  readonly labelUrl: string | undefined;
  readonly trackingUrl: string | undefined;
  /** Bought with a test token: nothing was paid and no parcel will be carried. */
  readonly test: boolean;
}

const shipmentSchema = z.object({
  object_id: z.string().min(1), rates: z.array(rateSchema), messages: carrierMessagesSchema,
});

const transactionSchema = z.object({
  object_id: z.string().min(1),
  status: z.enum(['WAITING', 'QUEUED', 'SUCCESS', 'ERROR', 'REFUNDED', 'REFUNDPENDING', 'REFUNDREJECTED']),
  tracking_number: z.string().nullish(),
  label_url: z.string().nullish(),
  tracking_url_provider: z.string().nullish(),
  test: z.boolean().nullish(),
  messages: carrierMessagesSchema,
});
type Transaction = z.infer<typeof transactionSchema>;

type CallOptions = { idempotent?: boolean; signal?: AbortSignal | undefined };

/** Shippo through its official SDK. Every method throws `shippoFailure`'s and OutboundHttp's failures. */
export class ShippoClient {
  readonly #options: ShippoClientOptions;

  constructor(options: ShippoClientOptions) {
    this.#options = options;
  }

  /** Asks the carriers for rates. A repeat leaves an unused shipment at Shippo, which costs nothing. */
  async createShipmentWithRates(connection: Connection, request: ShipmentRequest, signal?: AbortSignal): Promise<RatedShipment> {
    const shipment = await this.#call(connection, 'shipments.create', shipmentSchema, { idempotent: true, signal }, (sdk) =>
      sdk.shipments.create({
        addressFrom: toShippoAddress(request.from), addressTo: toShippoAddress(request.to),
        parcels: [toShippoParcel(request.parcel)], metadata: request.reference, async: false,
      }));
    return toRatedShipment(shipment);
  }

  /** The rates of a shipment that was made before. */
  async getShipmentWithRates(connection: Connection, shipmentId: string, signal?: AbortSignal): Promise<RatedShipment> {
    const shipment = await this.#call(connection, 'shipments.get', shipmentSchema, { signal }, (sdk) =>
      sdk.shipments.get(shipmentId));
    return toRatedShipment(shipment);
  }

  /**
   * Buys the label of a rate, once: Shippo takes no idempotency key for it, so a label that an earlier try already
   * bought is looked up first (the list of transactions filtered by rate) and given back.
   * Sources: https://docs.goshippo.com/api-reference/transactions/create-a-shipping-label and …/list-all-shipping-labels
   * @throws Failure `transient` while an earlier purchase is under way or a carrier does not answer; `outcome_unknown`
   * where no answer came, so that the next try must wait for Shippo to finish and then finds the label; `invalid` where
   * the carrier refuses or the label was refunded.
   */
  async buyLabel(connection: Connection, rateId: string, reference: string, signal?: AbortSignal): Promise<ShippingLabel> {
    const bought = await this.findLabel(connection, rateId, signal);
    if (bought) return bought;
    const transaction = await this.#call(connection, 'transactions.create', transactionSchema, { signal }, (sdk) =>
      sdk.transactions.create({ rate: rateId, async: false, metadata: reference }));
    return toLabel(transaction);
  }

  /** The label that was bought for a rate, or undefined where none was; failed purchases do not count. */
  async findLabel(connection: Connection, rateId: string, signal?: AbortSignal): Promise<ShippingLabel | undefined> {
    const listSchema = z.object({ results: z.array(transactionSchema) });
    const { results } = await this.#call(connection, 'transactions.list', listSchema, { signal }, (sdk) =>
      sdk.transactions.list({ rate: rateId, results: 100 }));
    const counting = results.filter(({ status }) => status !== 'ERROR');
    const found = counting.find(({ status }) => status === 'SUCCESS') ?? counting[0];
    return found && toLabel(found);
  }

  /** What the carrier says now, or undefined where it has nothing to tell yet. */
  async getTrack(
    connection: Connection, carrier: string, trackingNumber: string, signal?: AbortSignal,
  ): Promise<TrackingUpdate | undefined> {
    const track = await this.#call(connection, 'tracks.get', trackSchema, { signal }, (sdk) =>
      sdk.trackingStatus.get(trackingNumber, carrier));
    return toTrackingUpdate(track);
  }

  async #call<Schema extends z.ZodType>(
    connection: Connection, operation: string, schema: Schema, { idempotent = false, signal }: CallOptions,
    invoke: (sdk: Shippo) => Promise<unknown>,
  ): Promise<z.infer<Schema>> {
    const { http, vault, apiUrl } = this.#options;
    return vault.use(connection, [shippoCredentials.apiToken], ([apiToken = '']) =>
      callShippo({ http, apiUrl, apiToken, connection, operation, idempotent, signal, schema }, invoke));
  }
}

function toRatedShipment({ object_id, rates, messages }: z.infer<typeof shipmentSchema>): RatedShipment {
  const readable = rates.flatMap((rate) => toShippingRate(rate) ?? []);
  if (readable.length === 0) throw carrierFailure('No carrier offers a rate for this shipment', messages);
  return { shipmentId: object_id, rates: readable.toSorted((a, b) => a.price.amountMinor - b.price.amountMinor) };
}

function toLabel(transaction: Transaction): ShippingLabel {
  const details = { record: `shippo transaction ${transaction.object_id}` };
  switch (transaction.status) {
    case 'WAITING':
    case 'QUEUED': throw new Failure('transient', 'Shippo is still buying the label.', details);
    case 'ERROR': throw carrierFailure('The carrier refuses to sell the label', transaction.messages);
    case 'REFUNDED':
    case 'REFUNDPENDING': throw new Failure('invalid', 'The label of this rate was given back; ask for new rates.', details);
    case 'SUCCESS':
    case 'REFUNDREJECTED': break;
  }
  if (!transaction.tracking_number) throw new Failure('unexpected', "Shippo's label has no tracking number.", details);
  return {
    transactionId: transaction.object_id,
    trackingNumber: transaction.tracking_number,
    labelUrl: transaction.label_url ?? undefined,
    trackingUrl: transaction.tracking_url_provider ?? undefined,
    test: transaction.test ?? false,
  };
}
