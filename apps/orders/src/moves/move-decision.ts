import type { NewDecision } from '../order.repository.ts';
import type { Mover } from '../state-machine/machine-definition.ts';
import type { MoveDecision } from '../state-machine/order-machine.ts';

/** A state that was asked for, as a line of the order's timeline; none where the order was there already. */
export function decisionOfMove(move: MoveDecision, by: Mover, more: NewDecision['detail']): NewDecision[] {
  switch (move.outcome) {
    case 'unchanged': return [];
    case 'moved': return [{ kind: 'moved', detail: { from: move.from, to: move.to, by, ...more } }];
    case 'to_verify': return [{ kind: 'verification_asked', detail: { from: move.from, to: move.to, by, ...more } }];
    case 'refused': return [{ kind: 'status_refused', detail: { from: move.from, asked: move.asked, reason: move.reason, by, ...more } }];
  }
}
