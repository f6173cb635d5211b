import { dealFieldsSchema, orderStatusSchema, type OrderStatus } from '@crossdock/contracts';
import { woocommerceStatuses } from '@crossdock/vendor-woocommerce';
import { z } from 'zod';
import type { MachineDefinition, Transition } from './machine-definition.ts';
import { statusesOf } from './order-machine.ts';

/** Something that keeps a definition from being saved. */
export const machineProblemSchema = z.object({
  pointer: z.string().describe('Where it is, as a JSON pointer (RFC 6901).'),
  message: z.string(),
});
export type MachineProblem = z.infer<typeof machineProblemSchema>;

/** Money or goods change hands: a CRM's word for these is looked up before anything is written. */
const verifiedStates: readonly OrderStatus[] = ['processing', 'cancelled', 'shipped', 'refunded'];

/** What a shop and a CRM are known to say; a definition has an answer to each. */
const vocabulary = {
  shop: Object.keys(woocommerceStatuses),
  crm: [...orderStatusSchema.options.map((status) => `order_status:${status}`), ...dealFieldsSchema.shape.status.options.map((status) => `deal:${status}`)],
};

/** Everything that is wrong with a definition; it may be saved where nothing is. */
export function checkMachine(definition: MachineDefinition): MachineProblem[] {
  return [...definition.transitions.flatMap((transition, index) => checkTransition(definition, transition, index)), ...checkStates(definition), ...checkWords(definition)];
}

function checkTransition({ states, transitions }: MachineDefinition, transition: Transition, index: number): MachineProblem[] {
  const { from, to, by, correction } = transition;
  const at = (message: string, part = ''): MachineProblem => ({ pointer: `/transitions/${index}${part}`, message });
  const missing = [from, to].filter((status) => !states[status]);
  if (missing.length > 0) return missing.map((status) => at(`There is no state ${status}.`));
  const problems: MachineProblem[] = [];
  const isBackward = (states[to]?.rank ?? 0) < (states[from]?.rank ?? 0);
  if (from === to) problems.push(at(`${from} leads to itself.`));
  if (transitions.findIndex((other) => other.from === from && other.to === to) < index) problems.push(at(`The transition from ${from} to ${to} is there twice.`));
  if (isBackward && correction !== true) problems.push(at(`${to} ranks before ${from}: declare it as a correction, or leave it out.`));
  if (!isBackward && correction === true) problems.push(at(`${to} does not rank before ${from}, so that this is no correction.`, '/correction'));
  if (Object.keys(by).length === 0) problems.push(at('Nobody may ask for it.', '/by'));
  if (by.crm && verifiedStates.includes(to) && !by.crm.guards.includes('verified_at_crm')) {
    problems.push(at(`A CRM's word that an order is ${to} must be verified there: add the guard verified_at_crm.`, '/by/crm/guards'));
  }
  for (const [mover, move] of Object.entries(by)) {
    if (mover !== 'crm' && move.guards.includes('verified_at_crm')) problems.push(at('Only what a CRM asks for is verified there.', `/by/${mover}/guards`));
    if (mover === 'shop' && move.actions.includes('write_to_shop')) problems.push(at('What the shop itself asked for is not written to it.', `/by/shop/actions`));
    if (mover !== 'shop' && move.actions.includes('write_to_shop') && states[to]?.shop.length === 0) problems.push(at(`The shop has no word for ${to}.`, `/by/${mover}/actions`));
  }
  return problems;
}

function checkStates({ initial, states, transitions }: MachineDefinition): MachineProblem[] {
  if (!states[initial]) return [{ pointer: '/initial', message: `There is no state ${initial}.` }];
  const reached = new Set<OrderStatus>([initial]);
  for (const status of reached) for (const { from, to } of transitions) if (from === status) reached.add(to);
  return statusesOf(states).flatMap((status) => {
    const onward = transitions.filter(({ from, correction }) => from === status && correction !== true);
    const isEnd = states[status]?.final === true;
    const problem = (message: string): MachineProblem => ({ pointer: `/states/${status}`, message });
    return [
      ...(reached.has(status) ? [] : [problem(`No way leads from ${initial} to ${status}.`)]),
      ...(onward.length === 0 && !isEnd ? [problem(`Nothing follows ${status}, and it is not declared final.`)] : []),
      ...(onward.length > 0 && isEnd ? [problem(`${status} is declared final, and yet ${onward.map(({ to }) => to).join(', ')} may follow.`)] : []),
    ];
  });
}

function checkWords({ states, unknown }: MachineDefinition): MachineProblem[] {
  return (['shop', 'crm'] as const).flatMap((side) => {
    const places = statusesOf(states).flatMap((status) => (states[status]?.[side] ?? []).map((word, index) => ({ word, pointer: `/states/${status}/${side}/${index}` })));
    const all = [...places, ...unknown[side].map((word, index) => ({ word, pointer: `/unknown/${side}/${index}` }))];
    const doubled = all.filter(({ word }, index) => all.findIndex((other) => other.word === word) < index);
    const missing = vocabulary[side].filter((word) => !all.some((place) => place.word === word));
    return [
      ...doubled.map(({ word, pointer }) => ({ pointer, message: `"${word}" has a meaning already.` })),
      ...missing.map((word) => ({ pointer: `/unknown/${side}`, message: `"${word}" has no meaning: give it to a state, or name it here as one that says nothing.` })),
    ];
  });
}
