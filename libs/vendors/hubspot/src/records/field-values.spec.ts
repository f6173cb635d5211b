import { describe, expect, it } from '@jest/globals';
import type { FieldDescription, FieldType, FieldValue } from '@crossdock/contracts';
import { Failure } from '@crossdock/contracts';
import { fromProperty, toProperties } from './field-values.ts';

const field = (type: FieldType): FieldDescription => ({ name: 'field', label: 'Field', type, isCustom: true, isReadOnly: false, isRequired: false });

describe('a HubSpot property', () => {
  it.each<[FieldType, string, FieldValue]>([
    ['text', ' as it is ', ' as it is '], ['boolean', 'true', true], ['boolean', 'false', false], ['decimal', '12.50', '12.50'], ['decimal', '1.5E3', '1500'],
    ['money', '12.5', { amountMinor: 1_250, currency: 'EUR' }], ['date', '2026-11-21', '2026-11-21'], ['date', '1795219200000', '2026-11-21'],
    ['date_time', '2026-11-21T09:00:00Z', '2026-11-21T09:00:00.000Z'], ['multi_picklist', 'b;a', ['a', 'b']], ['owner', '70001', '70001'],
  ])('of the type %s with %j is %j', (type, text, value) => {
    expect(fromProperty(type, text, 'EUR')).toEqual(value);
  });

  it.each<[FieldType, string | null]>([['text', ''], ['text', null], ['multi_picklist', ';']])('of the type %s with %j is empty', (type, text) => {
    expect(fromProperty(type, text, 'EUR')).toBeNull();
  });

  it.each<[FieldType, string]>([['date', 'soon'], ['decimal', 'much'], ['money', '0.001']])('of the type %s with %j is not said to be empty', (type, text) => {
    expect(fromProperty(type, text, 'EUR')).toBeUndefined();
  });

  it.each<[FieldType, FieldValue, Record<string, string>]>([
    ['text', null, { field: '' }], ['boolean', false, { field: 'false' }], ['multi_picklist', ['a', 'b'], { field: 'a;b' }],
    ['money', { amountMinor: 1_250, currency: 'EUR' }, { field: '12.50', deal_currency_code: 'EUR' }], ['date', '2026-11-21', { field: '2026-11-21' }],
  ])('of the type %s is given %j as %j', (type, value, properties) => {
    expect(toProperties(field(type), value)).toEqual(properties);
  });

  it('takes no value of another type', () => {
    expect(() => toProperties(field('money'), 'much')).toThrow(Failure);
    expect(() => toProperties(field('text'), { amountMinor: 1, currency: 'EUR' })).toThrow(Failure);
  });
});
