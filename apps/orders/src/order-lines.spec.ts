import type { Order } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import { linesInWords } from './order-lines.ts';

const line = (more: Partial<Order['lines'][number]> = {}): Order['lines'][number] =>
  ({ externalId: '1', name: 'Cocoa', quantity: 2, total: { amountMinor: 2_800, currency: 'USD' }, ...more });

describe('the lines of an order in words', () => {
  it('name quantity, name, SKU, the price of one and the total, a line each', () => {
    expect(linesInWords([line({ sku: 'COCOA-1' }), line({ name: 'Tea', quantity: 1, total: { amountMinor: 500, currency: 'JPY' } })]))
      .toBe('2 × Cocoa [COCOA-1], 14.00 USD each, 28.00 USD\n1 × Tea, 500 JPY');
  });

  it('say of a price that was rounded that it is one', () => {
    expect(linesInWords([line({ quantity: 3, total: { amountMinor: 1_000, currency: 'USD' } })])).toBe('3 × Cocoa, about 3.33 USD each, 10.00 USD');
  });

  it('give no price of one where nothing was ordered, and keep amounts below zero', () => {
    expect(linesInWords([line({ quantity: 0, total: { amountMinor: 0, currency: 'USD' } }), line({ total: { amountMinor: -2_800, currency: 'USD' } })]))
      .toBe('0 × Cocoa, 0.00 USD\n2 × Cocoa, -14.00 USD each, -28.00 USD');
  });

  it('stand on one line each, whatever a name holds', () => {
    expect(linesInWords([line({ name: ' Cocoa\r\n dark ' }), line({ name: '' })])).toBe('2 × Cocoa dark, 14.00 USD each, 28.00 USD\n2 × Item without a name, 14.00 USD each, 28.00 USD');
  });

  it('are counted where they do not fit, and say so where there are none', () => {
    const many = linesInWords(Array.from({ length: 500 }, (_, index) => line({ name: `Kit ${index} ${'🫖'.repeat(300)}` })));
    expect(many.length).toBeLessThanOrEqual(2_000);
    expect(many).toMatch(/^2 × Kit 0 .*\n… and \d+ more$/s);
    expect(Number(/and (\d+) more$/.exec(many)?.[1]) + many.split('\n').length - 1).toBe(500);
    expect(linesInWords([])).toBe('No line items.');
  });
});
