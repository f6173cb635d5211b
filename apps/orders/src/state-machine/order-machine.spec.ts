import { orderStatusSchema, type OrderStatus } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultMachine } from './default-machine.ts';
import { movers } from './machine-definition.ts';
import { machineDiagram } from './machine-diagram.ts';
import { OrderMachine, type AskedMove } from './order-machine.ts';

const machine = new OrderMachine(defaultMachine, 0);
const anyStatus = fc.constantFrom(...orderStatusSchema.options);
const anyMove = fc.record({ to: anyStatus, by: fc.constantFrom(...movers), isVerified: fc.boolean(), isDeleted: fc.boolean() });
const fulfilment: readonly OrderStatus[] = ['pending', 'on_hold', 'processing', 'shipped', 'completed', 'refunded'];

function walk(start: OrderStatus, moves: ReadonlyArray<Omit<AskedMove, 'from'>>): OrderStatus[] {
  const path = [start];
  for (const move of moves) {
    const from = path.at(-1) ?? start;
    const decision = machine.decide({ ...move, from });
    path.push(decision.outcome === 'moved' ? decision.to : from);
  }
  return path;
}

describe('the default state machine', () => {
  it('never steps back along fulfilment unless the order failed or was cancelled in between, whoever asks', () => {
    fc.assert(fc.property(anyStatus, fc.array(anyMove, { maxLength: 12 }), (start, moves) => {
      const path = walk(start, moves);
      for (let step = 1; step < path.length; step += 1) {
        const from = fulfilment.indexOf(path[step - 1] ?? start);
        const to = fulfilment.indexOf(path[step] ?? start);
        if (from >= 0 && to >= 0) expect(to).toBeGreaterThanOrEqual(from);
      }
    }));
  });

  it('keeps a refunded order refunded, whatever is asked', () => {
    fc.assert(fc.property(fc.array(anyMove), (moves) => {
      expect(walk('refunded', moves).at(-1)).toBe('refunded');
    }));
  });

  it('says unchanged, and nothing else, when the order is already there', () => {
    fc.assert(fc.property(anyStatus, fc.constantFrom(...movers), (status, by) => {
      expect(machine.decide({ from: status, to: status, by })).toEqual({ outcome: 'unchanged', to: status });
    }));
  });

  it('moves nothing on a CRM’s word alone', () => {
    fc.assert(fc.property(anyStatus, anyStatus, (from, to) => {
      expect(machine.decide({ from, to, by: 'crm' }).outcome).not.toBe('moved');
    }));
  });

  it('refuses a step back and says so, and takes the same step as a correction from the shop where it is one', () => {
    expect(machine.decide({ from: 'shipped', to: 'processing', by: 'crm' })).toEqual({ outcome: 'refused', from: 'shipped', asked: 'processing', reason: 'backward' });
    expect(machine.decide({ from: 'completed', to: 'processing', by: 'shop' })).toMatchObject({ outcome: 'refused', reason: 'backward' });
    expect(machine.decide({ from: 'completed', to: 'cancelled', by: 'shop' })).toMatchObject({ outcome: 'refused', reason: 'not_allowed' });
    expect(machine.decide({ from: 'cancelled', to: 'processing', by: 'shop' }).outcome).toBe('moved');
    expect(machine.decide({ from: 'cancelled', to: 'processing', by: 'crm', isVerified: true })).toMatchObject({ outcome: 'refused', reason: 'backward' });
  });

  it('takes a cancellation after the shipment from the shop, and from the CRM once it is verified, and none once the parcel has arrived', () => {
    expect(machine.decide({ from: 'shipped', to: 'cancelled', by: 'shop' }).outcome).toBe('moved');
    expect(machine.decide({ from: 'shipped', to: 'cancelled', by: 'crm' }).outcome).toBe('to_verify');
    expect(machine.decide({ from: 'shipped', to: 'cancelled', by: 'crm', isVerified: true })).toMatchObject({ outcome: 'moved', actions: ['write_to_shop'] });
    expect(machine.decide({ from: 'completed', to: 'cancelled', by: 'crm', isVerified: true })).toMatchObject({ outcome: 'refused', reason: 'not_allowed' });
  });

  it('has what a CRM asks for verified, and then written to the shop', () => {
    expect(machine.decide({ from: 'processing', to: 'shipped', by: 'crm' })).toEqual({ outcome: 'to_verify', from: 'processing', to: 'shipped' });
    expect(machine.decide({ from: 'processing', to: 'shipped', by: 'crm', isVerified: true }))
      .toEqual({ outcome: 'moved', from: 'processing', to: 'shipped', actions: ['write_to_shop'] });
    expect(machine.decide({ from: 'processing', to: 'shipped', by: 'crm', isVerified: true, isDeleted: true })).toMatchObject({ outcome: 'refused', reason: 'not_in_shop' });
  });

  it('reads the words of shop and CRM, and knows which say nothing', () => {
    expect(machine.stateOf('shop', 'on-hold')).toBe('on_hold');
    expect(machine.stateOf('crm', 'order_status:shipped')).toBe('shipped');
    expect([machine.stateOf('crm', 'deal:won'), machine.isSilent('crm', 'deal:won')]).toEqual([undefined, true]);
    expect([machine.stateOf('shop', 'gift-wrapped'), machine.isSilent('shop', 'gift-wrapped')]).toEqual([undefined, false]);
    expect(machine.shopWordOf('processing')).toBe('processing');
  });

  it('is drawn with every transition', () => {
    const diagram = machineDiagram(defaultMachine);
    expect(diagram.split('\n')).toHaveLength(defaultMachine.transitions.length + 3);
    expect(diagram).toContain('  processing --> shipped: shop, CRM ✓, parcel');
    expect(diagram).toContain('  cancelled --> processing: shop (correction)');
  });
});

describe('a state machine without a state that an order is in', () => {
  const { shipped: _, ...states } = defaultMachine.states;
  const smaller = new OrderMachine({ ...defaultMachine, states }, 3);

  it('takes the order to where the shop says, and nowhere on another’s word', () => {
    expect(smaller.decide({ from: 'shipped', to: 'processing', by: 'shop' })).toEqual({ outcome: 'moved', from: 'shipped', to: 'processing', actions: [] });
    expect(smaller.decide({ from: 'shipped', to: 'completed', by: 'crm', isVerified: true })).toMatchObject({ outcome: 'refused', reason: 'unknown_state' });
    expect(smaller.decide({ from: 'processing', to: 'shipped', by: 'shop' })).toMatchObject({ outcome: 'refused', reason: 'unknown_state' });
  });
});
