import type { FieldValue } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readValue, writeValue } from './field-values.ts';

const overTheWire = (value: FieldValue): unknown => JSON.parse(JSON.stringify(writeValue(value)));

describe('a value of Salesforce', () => {
  it.each([
    ['text', 'Muster'], ['integer', 7], ['boolean', false], ['date', '2026-11-21'], ['picklist', 'Gold'], ['multi_picklist', ['Cocoa', 'Tea']],
    ['date_time', '2026-11-21T10:00:00.000Z'], ['money', { amountMinor: -12_935, currency: 'EUR' }], ['owner', '005ak0000000001AAA'],
  ] as const)('of type %s comes back as it was written', (type, value) => {
    expect(readValue(type, overTheWire(typeof value === 'object' && 'length' in value ? [...value] : value), 'EUR')).toEqual(value);
    expect(readValue(type, overTheWire(null), 'EUR')).toBeNull();
  });

  it('is a decimal in plain notation, however small or large', () => {
    expect([0.000_000_1, 1e21, -2.5].map((value) => readValue('decimal', value, undefined))).toEqual(['0.0000001', '1000000000000000000000', '-2.5']);
  });

  it('is read as none where it is empty or of another form', () => {
    expect([readValue('text', '', undefined), readValue('boolean', 'yes', undefined), readValue('date_time', 'yesterday', undefined), readValue('money', 1, undefined)])
      .toEqual([null, null, null, null]);
  });

  it('keeps every amount, and rounds what the currency cannot say', () => {
    fc.assert(fc.property(fc.integer({ min: -100_000_000_000, max: 100_000_000_000 }), (amountMinor) => {
      expect(readValue('money', overTheWire({ amountMinor, currency: 'EUR' }), 'EUR')).toEqual({ amountMinor, currency: 'EUR' });
    }));
    expect(readValue('money', 1.006, 'EUR')).toEqual({ amountMinor: 101, currency: 'EUR' });
  });

  it('has the time of Salesforce’s zone as UTC, and words of a list sorted and once', () => {
    expect(readValue('date_time', '2026-11-21T10:00:00.000+0000', undefined)).toBe('2026-11-21T10:00:00.000Z');
    expect(readValue('multi_picklist', 'Tea;Cocoa;Tea', undefined)).toEqual(['Cocoa', 'Tea']);
  });
});
