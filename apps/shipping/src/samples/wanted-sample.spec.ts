import { describe, expect, it } from '@jest/globals';
import { mayAskForSample, wantedSample } from './wanted-sample.ts';

const where = {
  shippingName: 'Grace Hopper', shippingStreet: '1 Main Street', shippingCity: 'New York', shippingState: 'NY', shippingPostalCode: '10007', shippingCountry: 'US',
};
const contacts = [{ externalId: 'c1', email: 'grace@example.com' }];

describe('a deal', () => {
  it('asks for a kit, for several, or for nothing', () => {
    expect(wantedSample({ custom: { sampleRequest: 'starter', ...where }, contacts })).toMatchObject({
      sku: 'starter', quantity: 1, contactEmail: 'grace@example.com', missing: [], to: { name: 'Grace Hopper', postalCode: '10007' },
    });
    expect(wantedSample({ custom: { sampleRequest: ' 3 x starter ' }, contacts })).toMatchObject({ sku: 'starter', quantity: 3 });
    for (const sampleRequest of [null, '', 'two of those, please', 7]) expect(wantedSample({ custom: { sampleRequest }, contacts })).toBeUndefined();
    expect(wantedSample({ contacts })).toBeUndefined();
  });

  it('is passed by where its account has no field for that', () => {
    expect(mayAskForSample({ known: ['name', 'sampleRequest'] })).toBe(true);
    for (const deal of [{ known: ['name'] }, {}]) expect(mayAskForSample(deal)).toBe(false);
  });

  it('is not passed by unchecked where it is none', () => {
    for (const deal of [{ known: 'name' }, { known: null }, null, undefined, 'deal']) expect(mayAskForSample(deal)).toBe(true);
  });

  it('names the fields that are missing or do not fit', () => {
    expect(wantedSample({ custom: { sampleRequest: 'starter', ...where, shippingCountry: 'America', shippingCity: null }, contacts: [] }))
      .toMatchObject({ missing: ['shippingCity', 'shippingCountry', 'shippingEmail'] });
  });
});
