import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import type { MoveDecision } from '../state-machine/order-machine.ts';

/** Counts the states that were asked for, whoever asked. */
@Injectable()
export class TransitionMetrics {
  readonly #transitions: Counter<'from' | 'to' | 'outcome'>;

  constructor(metrics: Registry) {
    this.#transitions = new Counter({
      name: 'crossdock_order_transition_total',
      help: 'Order statuses asked for, by whether they were reached, refused, or are being verified at the CRM.',
      labelNames: ['from', 'to', 'outcome'],
      registers: [metrics],
    });
  }

  count(decision: MoveDecision): void {
    if (decision.outcome === 'unchanged') return;
    const { from, outcome } = decision;
    this.#transitions.inc({ from, to: decision.outcome === 'refused' ? decision.asked : decision.to, outcome });
  }
}
