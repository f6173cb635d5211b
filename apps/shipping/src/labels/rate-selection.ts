import type { Connection } from '@crossdock/connections';
import { Failure, type PostalAddress } from '@crossdock/contracts';
import { TenantDatabase } from '@crossdock/tenancy';
import { ShippoClient, type RatedShipment } from '@crossdock/vendor-shippo';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { readPolicy, type ShippingPolicy } from '../policy/shipping-policy.ts';
import type { ChosenRate, Shipment } from '../shipments/shipment.entity.ts';
import type { ShipmentRequest } from '../shipments/shipment-request.ts';
import { claimShipment, saveShipment } from '../shipments/shipment.repository.ts';
import { priceFault } from './price-limit.ts';
import { chooseRate } from './rate-choice.ts';

/** Shippo's rates hold for seven days; one this old is not bought any more, since a task may have rested meanwhile. */
const rateHoldsMs = 6.5 * 24 * 60 * 60 * 1_000;

/** Carriers whose labels for the way back Shippo makes of the way there. Source: https://docs.goshippo.com/docs/shipments/returns */
const carriersThatTurnRound = new Set(['usps', 'ups', 'fedex']);

/** Finds the rate whose label is bought for a shipment, and keeps it before money is spent. */
@Injectable()
export class RateSelection {
  readonly #database: TenantDatabase;
  readonly #shippo: ShippoClient;

  constructor(database: TenantDatabase, shippo: ShippoClient) {
    this.#database = database;
    this.#shippo = shippo;
  }

  /**
   * The rate chosen before, where it still holds or its label was bought; else a new one, within the limits on prices.
   * @throws Failure `invalid` where the address is not deliverable, no carrier takes the parcel, the price is above a limit,
   * or live and test mode would be mixed.
   */
  async rateToBuy(connection: Connection, shipment: Shipment, request: ShipmentRequest, signal: AbortSignal): Promise<ChosenRate> {
    const { chosenRate } = shipment;
    const isTest = await this.#shippo.isTest(connection);
    refuseMixedModes(isTest, request, chosenRate);
    if (chosenRate) {
      const holds = Date.now() - Date.parse(chosenRate.chosenAt) < rateHoldsMs;
      if (holds || await this.#shippo.findLabel(connection, chosenRate.rateId, signal)) return chosenRate;
    }
    const policy = await this.#database.transaction(shipment.tenantId, readPolicy);
    if (!chosenRate) await this.#checkAddress(connection, request.to, policy, signal);
    const rated = await this.#askCarriers(connection, shipment, request, signal);
    const rate = await this.#choose(connection, rated, { shipment, request, policy, isTest }, signal);
    return this.#database.transaction(shipment.tenantId, (manager) => keepRate(manager, shipment, rate));
  }

  async #checkAddress(connection: Connection, to: PostalAddress, { addressValidation }: ShippingPolicy, signal: AbortSignal): Promise<void> {
    if (addressValidation === 'never' || (addressValidation === 'us_only' && to.country !== 'US')) return;
    const { isDeliverable, codes } = await this.#shippo.validateAddress(connection, to, signal);
    if (isDeliverable) return;
    const why = codes.length > 0 ? ` (${codes.join(', ').slice(0, 200)})` : '';
    throw new Failure('invalid', `The recipient's address is not deliverable${why}. Nothing was paid; ask for a shipment to a corrected address.`, { field: 'to' });
  }

  async #askCarriers(connection: Connection, shipment: Shipment, request: ShipmentRequest, signal: AbortSignal): Promise<RatedShipment> {
    const { from, to, parcel, customs, carrierPreference } = request;
    const isReturn = shipment.kind === 'return' && carriersThatTurnRound.has(carrierPreference ?? '');
    const turned = shipment.kind === 'return' && !isReturn;
    return this.#shippo.createShipmentWithRates(connection, {
      from: turned ? to : from, to: turned ? from : to, parcel, customs, reference: shipment.shipmentId, isReturn,
    }, signal);
  }

  async #choose(
    connection: Connection, { shipmentId: vendorShipmentId, rates }: RatedShipment,
    { shipment, request, policy, isTest }: { shipment: Shipment; request: ShipmentRequest; policy: ShippingPolicy; isTest: boolean },
    signal: AbortSignal,
  ): Promise<ChosenRate> {
    const { carrierPreference, priceLimit } = request;
    const offered = shipment.kind === 'return' ? rates.filter(({ carrier }) => carrier === carrierPreference) : rates;
    const cheapest = chooseRate(offered, carrierPreference);
    if (!cheapest) {
      const isOff = carrierPreference !== undefined && await this.#shippo.isCarrierOff(connection, carrierPreference, signal);
      throw new Failure('invalid', isOff
        ? `The account's carrier account at ${carrierPreference} is off; switch it on at Shippo.`
        : `No carrier offers a rate for shipment ${shipment.shipmentId}.`);
    }
    const firstPrice = shipment.chosenRate?.firstPrice ?? shipment.chosenRate?.price;
    const fault = priceFault(cheapest.price, {
      limits: [...policy.priceLimits, ...(priceLimit ? [priceLimit] : [])], firstPrice, renewedRateRisePercent: policy.renewedRateRisePercent,
    });
    if (fault !== undefined) throw new Failure('invalid', `${fault} Nothing was paid.`);
    return {
      vendorShipmentId,
      rateId: cheapest.id,
      carrier: cheapest.carrier,
      ...(cheapest.service !== undefined && { service: cheapest.service }),
      price: cheapest.price,
      ...(firstPrice && { firstPrice }),
      ...(cheapest.carrierAccountId !== undefined && { carrierAccountId: cheapest.carrierAccountId }),
      test: isTest,
      chosenAt: new Date().toISOString(),
    };
  }
}

function refuseMixedModes(isTest: boolean, { mode }: ShipmentRequest, chosenRate: ChosenRate | null): void {
  const present = isTest ? 'test' : 'live';
  if (mode !== undefined && mode !== present) {
    throw new Failure('invalid', `A ${mode} shipment was asked for, and the account is connected with a ${present} token. Nothing was paid.`);
  }
  if (chosenRate && chosenRate.test !== isTest) {
    throw new Failure('invalid', `The rate was asked for with a ${chosenRate.test ? 'test' : 'live'} token, and the account is connected with a ${present} one now. Ask for a new shipment.`);
  }
}

/** Keeps a rate unless another worker has meanwhile kept one; then that one is to be bought. */
async function keepRate(manager: EntityManager, known: Shipment, rate: ChosenRate): Promise<ChosenRate> {
  const shipment = await claimShipment(manager, known.shipmentId);
  if (!shipment) throw new Failure('not_found', `There is no shipment ${known.shipmentId}.`);
  if (shipment.chosenRate && shipment.chosenRate.rateId !== known.chosenRate?.rateId) return shipment.chosenRate;
  shipment.chosenRate = rate;
  await saveShipment(manager, shipment);
  return rate;
}
