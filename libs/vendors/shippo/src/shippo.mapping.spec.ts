import { describe, expect, it } from '@jest/globals';
import { toCarrier, toShippingRate, toShippoAddress, toShippoParcel } from './shippo.mapping.ts';

describe('shipments in the words of Shippo', () => {
  it('measure in grams and millimetres', () => {
    expect(toShippoParcel({ weightGrams: 450, lengthMm: 300, widthMm: 200, heightMm: 95 })).toEqual({
      massUnit: 'g', weight: '450', distanceUnit: 'mm', length: '300', width: '200', height: '95',
    });
  });

  it('call the postal code zip', () => {
    const address = { name: 'Ada', street1: 'Way 1', city: 'Bonn', postalCode: '53111', country: 'DE' };
    expect(toShippoAddress(address)).toEqual({ name: 'Ada', street1: 'Way 1', city: 'Bonn', zip: '53111', country: 'DE' });
  });

  it.each([['USPS', 'usps'], ['DHL Express', 'dhl_express'], ['dhl_express', 'dhl_express'], ['Deutsche Post (DHL)', 'deutsche_post_dhl']])(
    'know the carrier %p as %s', (name, carrier) => {
      expect(toCarrier(name)).toBe(carrier);
    });

  it('ask for a price in minor units; a rate without a readable price is not offered', () => {
    const rate = { object_id: 'r1', provider: 'USPS', amount: '5.50', currency: 'USD', estimated_days: 2, servicelevel: { token: 'usps_priority' } };
    expect(toShippingRate(rate)).toEqual({
      id: 'r1', carrier: 'usps', service: 'usps_priority', price: { amountMinor: 550, currency: 'USD' }, estimatedDays: 2, carrierAccountId: undefined, test: false,
    });
    expect(toShippingRate({ ...rate, amount: 'free' })).toBeUndefined();
    expect(toShippingRate({ ...rate, amount: '-5.50' })).toBeUndefined();
    expect(toShippingRate({ ...rate, currency: '' })).toBeUndefined();
  });
});
