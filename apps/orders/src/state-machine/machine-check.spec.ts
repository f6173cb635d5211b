import { describe, expect, it } from '@jest/globals';
import { checkMachine } from './machine-check.ts';
import { machineDefinitionSchema, type MachineDefinition } from './machine-definition.ts';
import { defaultMachine } from './default-machine.ts';

type Change = (definition: MachineDefinition) => void;

function problemsAfter(change: Change): string[] {
  const definition = structuredClone(defaultMachine);
  change(definition);
  return checkMachine(definition).map(({ pointer, message }) => `${pointer}: ${message}`);
}

const withoutState = (definition: MachineDefinition, status: 'shipped' | 'failed'): void => {
  definition.states = Object.fromEntries(Object.entries(definition.states).filter(([name]) => name !== status));
  definition.transitions = definition.transitions.filter(({ from, to }) => from !== status && to !== status);
};

describe('the check of a state machine', () => {
  it('finds nothing wrong with the default, which has the form that tenants send', () => {
    expect(checkMachine(defaultMachine)).toEqual([]);
    expect(machineDefinitionSchema.parse(defaultMachine)).toEqual(defaultMachine);
  });

  it('refuses a state that no way leads to', () => {
    expect(problemsAfter((definition) => {
      definition.transitions = definition.transitions.filter(({ to }) => to !== 'on_hold');
    })).toEqual(['/states/on_hold: No way leads from pending to on_hold.']);
  });

  it('refuses a dead end that is not final, and a final state that is none', () => {
    expect(problemsAfter((definition) => {
      definition.transitions = definition.transitions.filter(({ from }) => from !== 'completed');
    })).toEqual(['/states/completed: Nothing follows completed, and it is not declared final.']);
    expect(problemsAfter((definition) => {
      definition.states.completed = { rank: 4, final: true, shop: ['completed'], crm: ['order_status:completed'] };
    })).toEqual(['/states/completed: completed is declared final, and yet refunded may follow.']);
  });

  it('refuses a transition that goes backward unless it is a correction, and a correction that does not', () => {
    const index = defaultMachine.transitions.length;
    const back = { from: 'shipped', to: 'processing', by: { shop: { guards: [], actions: [] } } } as const;
    const add = (more: object): string[] => problemsAfter(({ transitions }) => transitions.push(machineDefinitionSchema.shape.transitions.element.parse({ ...back, ...more })));
    expect(add({})).toEqual([`/transitions/${index}: processing ranks before shipped: declare it as a correction, or leave it out.`]);
    expect(add({ correction: true })).toEqual([]);
    expect(add({ to: 'failed', correction: true })).toEqual([`/transitions/${index}/correction: failed does not rank before shipped, so that this is no correction.`]);
  });

  it('refuses words of shop and CRM that have no meaning or two', () => {
    expect(problemsAfter((definition) => withoutState(definition, 'shipped'))).toEqual([
      '/unknown/shop: "shipped" has no meaning: give it to a state, or name it here as one that says nothing.',
      '/unknown/crm: "order_status:shipped" has no meaning: give it to a state, or name it here as one that says nothing.',
    ]);
    expect(problemsAfter((definition) => {
      withoutState(definition, 'shipped');
      definition.states.completed?.shop.push('shipped');
      definition.unknown.crm.push('order_status:shipped');
    })).toEqual([]);
    expect(problemsAfter(({ states }) => states.failed?.crm.push('deal:lost'))).toEqual(['/unknown/crm/2: "deal:lost" has a meaning already.']);
  });

  it.each(['processing', 'cancelled', 'shipped', 'refunded'] as const)('refuses to take a CRM’s word for %s unverified', (to) => {
    expect(problemsAfter(({ transitions }) => {
      const transition = transitions.find((each) => each.from === 'pending' && each.to === to);
      if (transition) transition.by.crm = { guards: [], actions: [] };
    })).toEqual([expect.stringContaining(`A CRM's word that an order is ${to} must be verified there`)]);
  });

  it('refuses what could not be carried out', () => {
    expect(problemsAfter(({ transitions: [first] }) => {
      if (first) first.by = { shop: { guards: ['verified_at_crm'], actions: ['write_to_shop'] } };
    })).toEqual([
      '/transitions/0/by/shop/guards: Only what a CRM asks for is verified there.',
      '/transitions/0/by/shop/actions: What the shop itself asked for is not written to it.',
    ]);
    expect(problemsAfter((definition) => {
      if (definition.states.shipped) definition.states.shipped.shop = [];
      definition.unknown.shop.push('shipped');
    })).toEqual(expect.arrayContaining([expect.stringContaining('The shop has no word for shipped.')]));
    expect(problemsAfter(({ transitions: [first] }) => {
      if (first) first.by = {};
    })).toEqual(['/transitions/0/by: Nobody may ask for it.']);
  });

  it('refuses what is there twice, leads to itself or to nowhere', () => {
    const by = { shop: { guards: [], actions: [] } };
    const index = defaultMachine.transitions.length;
    expect(problemsAfter(({ transitions }) => transitions.push({ from: 'pending', to: 'on_hold', by }, { from: 'pending', to: 'pending', by })))
      .toEqual([`/transitions/${index}: The transition from pending to on_hold is there twice.`, `/transitions/${index + 1}: pending leads to itself.`]);
    expect(problemsAfter((definition) => {
      withoutState(definition, 'failed');
      definition.unknown.shop.push('failed');
      definition.unknown.crm.push('order_status:failed');
      definition.transitions.push({ from: 'pending', to: 'failed', by });
      definition.initial = 'failed';
    })).toEqual([expect.stringMatching(/^\/transitions\/\d+: There is no state failed\.$/), '/initial: There is no state failed.']);
  });
});
