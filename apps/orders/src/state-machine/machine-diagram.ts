import type { MachineDefinition, Mover, Transition } from './machine-definition.ts';
import { statusesOf } from './order-machine.ts';

const initials: Readonly<Record<Mover, string>> = { shop: 'shop', crm: 'CRM', shipping: 'parcel' };

/** A definition as a Mermaid state diagram (https://mermaid.js.org/syntax/stateDiagram.html). An arrow names who may ask for it. */
export function machineDiagram({ initial, states, transitions }: MachineDefinition): string {
  const ends = statusesOf(states).filter((status) => states[status]?.final === true);
  return [
    'stateDiagram-v2',
    `  [*] --> ${initial}`,
    ...transitions.map((transition) => `  ${transition.from} --> ${transition.to}: ${labelOf(transition)}`),
    ...ends.map((status) => `  ${status} --> [*]`),
  ].join('\n');
}

/** A CRM's word that is verified first has a check mark; a correction says so. */
function labelOf({ by, correction }: Transition): string {
  const movers = (['shop', 'crm', 'shipping'] as const).flatMap((mover) => {
    const move = by[mover];
    return move ? [`${initials[mover]}${move.guards.includes('verified_at_crm') ? ' ✓' : ''}`] : [];
  });
  return `${movers.join(', ')}${correction === true ? ' (correction)' : ''}`;
}
