import type { Connection } from '@crossdock/connections';
import type { CustomsDeclaration, Parcel, PostalAddress } from '@crossdock/contracts';
import { z } from 'zod';
import { toAddressVerdict, validatedAddressSchema, type AddressVerdict } from './shippo.addresses.ts';
import { ShippoCaller, type ShippoCallerOptions } from './shippo.caller.ts';
import { toShippoDeclaration } from './shippo.customs.ts';
import { carrierFailure, carrierMessagesSchema } from './shippo.errors.ts';
import { rateSchema, toCarrier, toShippingRate, toShippoAddress, toShippoParcel, type ShippingRate } from './shippo.mapping.ts';
import { toTrackingHistory, trackSchema, type TrackingHistory } from './shippo.tracks.ts';
import {
  boughtBy, refundSchema, refundStateOf, toLabel, toRefundState, transactionSchema, type RefundState, type ShippingLabel,
} from './shippo.transactions.ts';

export interface ShipmentRequest {
  readonly from: PostalAddress;
  readonly to: PostalAddress;
  readonly parcel: Parcel;
  /** Our own id of the shipment, kept at Shippo beside its record; at most 100 characters. */
  readonly reference: string;
  /** Where the parcel crosses a border. */
  readonly customs?: CustomsDeclaration | undefined;
  /** A label for the way back of a parcel that goes as `from` and `to` say: Shippo turns them round. */
  readonly isReturn?: boolean;
}

export interface RatedShipment {
  readonly shipmentId: string;
  /** What carriers ask, cheapest first; never empty. They hold for seven days. */
  readonly rates: readonly ShippingRate[];
}

export interface LabelPurchase {
  readonly rateId: string;
  /** Our own id of the shipment, kept at Shippo beside the label. */
  readonly reference: string;
  /** Called where no label of this rate was found and one is bought next; a throw keeps the money. */
  readonly begin?: () => Promise<void>;
}

const shipmentSchema = z.object({
  object_id: z.string().min(1), rates: z.array(rateSchema), messages: carrierMessagesSchema,
});
const carrierAccountsSchema = z.object({
  results: z.array(z.object({ carrier: z.string(), active: z.boolean().nullish() })),
});

/** Shippo through its official SDK. Every method throws `shippoFailure`'s and OutboundHttp's failures. */
export class ShippoClient {
  readonly #caller: ShippoCaller;

  constructor(options: ShippoCallerOptions) {
    this.#caller = new ShippoCaller(options);
  }

  /** Whether the account's token is a test one. */
  isTest(connection: Connection): Promise<boolean> {
    return this.#caller.isTest(connection);
  }

  /**
   * Looks an address up. It is free in the United States; elsewhere Shippo charges for it.
   * Source: https://docs.goshippo.com/docs/addresses/addressvalidation
   */
  async validateAddress(connection: Connection, address: PostalAddress, signal?: AbortSignal): Promise<AddressVerdict> {
    return toAddressVerdict(await this.#caller.call(connection, {
      operation: 'addresses.create', schema: validatedAddressSchema, idempotent: true, signal,
      invoke: (sdk) => sdk.addresses.create({ ...toShippoAddress(address), validate: true }),
    }));
  }

  /** Asks the carriers for rates. A repeat leaves an unused shipment at Shippo, which costs nothing. */
  async createShipmentWithRates(connection: Connection, request: ShipmentRequest, signal?: AbortSignal): Promise<RatedShipment> {
    const { from, to, parcel, reference, customs, isReturn = false } = request;
    return toRatedShipment(await this.#caller.call(connection, {
      operation: 'shipments.create', schema: shipmentSchema, idempotent: true, signal,
      invoke: (sdk) => sdk.shipments.create({
        addressFrom: toShippoAddress(from), addressTo: toShippoAddress(to), parcels: [toShippoParcel(parcel)], metadata: reference, async: false,
        ...(customs && { customsDeclaration: toShippoDeclaration(customs, from.country, to.country) }),
        ...(isReturn && { extra: { isReturn } }),
      }),
    }));
  }

  /** The rates of a shipment that was made before. */
  async getShipmentWithRates(connection: Connection, shipmentId: string, signal?: AbortSignal): Promise<RatedShipment> {
    return toRatedShipment(await this.#caller.call(connection, {
      operation: 'shipments.get', schema: shipmentSchema, signal, invoke: (sdk) => sdk.shipments.get(shipmentId),
    }));
  }

  /** Whether the account has accounts at this carrier and all of them are off. */
  async isCarrierOff(connection: Connection, carrier: string, signal?: AbortSignal): Promise<boolean> {
    const { results } = await this.#caller.call(connection, {
      operation: 'carrier-accounts.list', schema: carrierAccountsSchema, signal, invoke: (sdk) => sdk.carrierAccounts.list({ results: 100 }),
    });
    const accounts = results.filter((account) => toCarrier(account.carrier) === carrier);
    return accounts.length > 0 && accounts.every(({ active }) => active === false);
  }

  /**
   * Buys the label of a rate, once: Shippo takes no idempotency key for it, so a label that an earlier try already
   * bought is looked up first (the list of transactions filtered by rate) and given back.
   * Sources: https://docs.goshippo.com/api-reference/transactions/create-a-shipping-label and …/list-all-shipping-labels
   * @throws Failure `transient` while an earlier purchase is under way or a carrier does not answer; `outcome_unknown`
   * where no answer came, so that the next try must wait for Shippo to finish and then finds the label; `invalid` where
   * the carrier refuses or the label was refunded.
   */
  async buyLabel(connection: Connection, { rateId, reference, begin }: LabelPurchase, signal?: AbortSignal): Promise<ShippingLabel> {
    const bought = await this.findLabel(connection, rateId, signal);
    if (bought) return bought;
    await begin?.();
    return toLabel(await this.#caller.call(connection, {
      operation: 'transactions.create', schema: transactionSchema, signal,
      invoke: (sdk) => sdk.transactions.create({ rate: rateId, async: false, metadata: reference }),
    }));
  }

  /** The label that was bought for a rate, or undefined where none was; failed purchases do not count. */
  async findLabel(connection: Connection, rateId: string, signal?: AbortSignal): Promise<ShippingLabel | undefined> {
    const { results } = await this.#caller.call(connection, {
      operation: 'transactions.list', schema: z.object({ results: z.array(transactionSchema) }), signal,
      invoke: (sdk) => sdk.transactions.list({ rate: rateId, results: 100 }),
    });
    const found = boughtBy(results);
    return found && toLabel(found);
  }

  /**
   * Gives a label back, once: one that was given back before is only looked at. Carriers decide later, within weeks.
   * Source: https://docs.goshippo.com/docs/billing_and_invoices/refundinglabels
   */
  async refundLabel(connection: Connection, transactionId: string, signal?: AbortSignal): Promise<Exclude<RefundState, 'kept'>> {
    const before = await this.findRefund(connection, transactionId, signal);
    if (before !== 'kept') return before;
    return refundStateOf(await this.#caller.call(connection, {
      operation: 'refunds.create', schema: refundSchema, signal,
      invoke: (sdk) => sdk.refunds.create({ transaction: transactionId, async: false }),
    }));
  }

  /** What has become of a label that was given back. */
  async findRefund(connection: Connection, transactionId: string, signal?: AbortSignal): Promise<RefundState> {
    return toRefundState(await this.#caller.call(connection, {
      operation: 'transactions.get', schema: transactionSchema, signal, invoke: (sdk) => sdk.transactions.get(transactionId),
    }));
  }

  /** Has Shippo follow a parcel whose label was bought elsewhere; a repeat changes nothing. */
  async registerTrack(
    connection: Connection, parcel: { readonly carrier: string; readonly trackingNumber: string; readonly reference: string }, signal?: AbortSignal,
  ): Promise<TrackingHistory> {
    const { carrier, trackingNumber, reference } = parcel;
    return toTrackingHistory(await this.#caller.call(connection, {
      operation: 'tracks.create', schema: trackSchema, idempotent: true, signal,
      invoke: (sdk) => sdk.trackingStatus.create({ carrier, trackingNumber, metadata: reference }),
    }));
  }

  /** All that the carrier has said so far. */
  async getTrackingHistory(connection: Connection, carrier: string, trackingNumber: string, signal?: AbortSignal): Promise<TrackingHistory> {
    return toTrackingHistory(await this.#caller.call(connection, {
      operation: 'tracks.get', schema: trackSchema, signal, invoke: (sdk) => sdk.trackingStatus.get(trackingNumber, carrier),
    }));
  }
}

function toRatedShipment({ object_id, rates, messages }: z.infer<typeof shipmentSchema>): RatedShipment {
  const readable = rates.flatMap((rate) => toShippingRate(rate) ?? []);
  if (readable.length === 0) throw carrierFailure('No carrier offers a rate for this shipment', messages);
  return { shipmentId: object_id, rates: readable.toSorted((a, b) => a.price.amountMinor - b.price.amountMinor) };
}
