import { orderStatusSchema, type OrderStatus } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decideOrderStatus } from './order-status.machine.ts';

const anyStatus = fc.constantFrom(...orderStatusSchema.options);
const fulfilment: readonly OrderStatus[] = ['pending', 'on_hold', 'processing', 'shipped', 'completed', 'refunded'];

function walk(start: OrderStatus, asked: readonly OrderStatus[]): OrderStatus[] {
  const path = [start];
  for (const status of asked) path.push(decideOrderStatus(path[path.length - 1] ?? start, status).to);
  return path;
}

describe('order status', () => {
  it('never steps back along fulfilment unless the order failed or was cancelled in between', () => {
    fc.assert(fc.property(anyStatus, fc.array(anyStatus, { maxLength: 12 }), (start, asked) => {
      const path = walk(start, asked);
      for (let step = 1; step < path.length; step += 1) {
        const from = fulfilment.indexOf(path[step - 1] ?? start);
        const to = fulfilment.indexOf(path[step] ?? start);
        if (from >= 0 && to >= 0) expect(to).toBeGreaterThanOrEqual(from);
      }
    }));
  });

  it('keeps a refunded order refunded, whatever is asked', () => {
    fc.assert(fc.property(fc.array(anyStatus), (asked) => {
      expect(walk('refunded', asked).at(-1)).toBe('refunded');
    }));
  });

  it('says unchanged, and nothing else, when the order is already there', () => {
    fc.assert(fc.property(anyStatus, (status) => {
      expect(decideOrderStatus(status, status)).toEqual({ outcome: 'unchanged', to: status });
    }));
  });

  it('refuses to reopen a completed order and tells what was asked', () => {
    expect(decideOrderStatus('completed', 'processing'))
      .toEqual({ outcome: 'refused', from: 'completed', asked: 'processing', to: 'completed' });
  });

  it('takes a cancelled or failed order back to processing, as a late payment does', () => {
    expect(decideOrderStatus('cancelled', 'processing').outcome).toBe('moved');
    expect(decideOrderStatus('failed', 'processing').outcome).toBe('moved');
  });
});
