import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OrderBesideDeal } from './deal-history.fixture.ts';
import { ReferenceOrder, states, type HistoryStep } from './order-history.fixture.ts';

const numRuns = Number(process.env['DEAL_HISTORY_RUNS'] ?? 3_000);
const happenings = ['read', 'look', 'hear', 'overtake', 'write', 'answer', 'step'] as const;

const step: fc.Arbitrary<HistoryStep> = fc.oneof(
  fc.record({ kind: fc.constantFrom('shop' as const, 'crm' as const), to: fc.constantFrom(...states) }),
  fc.record({ kind: fc.constant('edit' as const), cents: fc.integer({ min: 0, max: 3 }) }),
);
const history = fc.record({
  steps: fc.array(step, { minLength: 6, maxLength: 6 }),
  happenings: fc.array(fc.constantFrom(...happenings), { minLength: 60, maxLength: 60 }),
  webhooks: fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
});

/** Lives a history, and afterwards until nothing more happens. @param take does a step; false where it cannot be done now */
function live(planned: { readonly happenings: ReadonlyArray<typeof happenings[number]>; readonly webhooks: readonly boolean[] }, hub: OrderBesideDeal, take: (isTold: () => boolean) => boolean): string[] {
  const log: string[] = [];
  let changes = 0;
  const isTold = (): boolean => planned.webhooks[(changes += 1) % planned.webhooks.length] ?? true;
  const happen = (what: typeof happenings[number]): boolean => {
    const has = what === 'step' ? take(isTold) : what === 'write' ? hub.write(isTold()) : hub[what]();
    if (has) log.push(`${what}: the deal says ${hub.deal.word}, the order is ${hub.status}, ${hub.refusals} refused`);
    return has;
  };
  planned.happenings.forEach(happen);
  const comeToRest = (): void => {
    while (happen('write') || happen('answer') || happen('read') || happen('hear') || happen('look'));
  };
  comeToRest();
  while (happen('step')) comeToRest();
  return log;
}

it('comes to where the reference says and refuses what it refuses, however readings and writes fall together', () => {
  fc.assert(fc.property(history, ({ steps, ...planned }) => {
    const [reference, hub, waiting] = [new ReferenceOrder(), new OrderBesideDeal(), [...steps]];
    const log = live(planned, hub, (isTold) => {
      const isSettled = hub.isInStep && hub.status === reference.state && hub.refusals === reference.refusals;
      const next = isSettled ? waiting.shift() : undefined;
      if (next && reference.can(next)) {
        reference.take(next);
        take(hub, next, isTold);
      }
      return next !== undefined;
    });
    expect({ log, state: hub.status, refusals: hub.refusals, undone: waiting }).toEqual({ log, state: reference.state, refusals: reference.refusals, undone: [] });
  }), { numRuns });
});

it('leaves no deal that says something else than its order, unless that was refused, whenever people and shops say it', () => {
  fc.assert(fc.property(history, ({ steps, ...planned }) => {
    const [hub, waiting] = [new OrderBesideDeal(), [...steps]];
    const log = live(planned, hub, (isTold) => {
      const next = waiting.shift();
      if (next) take(hub, next, isTold);
      return next !== undefined;
    });
    expect({ log, said: [hub.status, hub.refused] }).toEqual({ log, said: expect.arrayContaining([hub.deal.word]) });
  }), { numRuns });
});

function take(hub: OrderBesideDeal, next: HistoryStep, isTold: () => boolean): void {
  if (next.kind === 'shop') hub.shopSays(next.to);
  else if (next.kind !== 'crm') hub.edit();
  else if (next.to !== hub.deal.word) hub.deal.set(next.to, isTold());
}
