import type { EntityManager } from 'typeorm';
import { type CreditableDeal, creditableDealsAfter, readCreditableDeals } from '../credit/creditable-deal.ts';
import { creditDeals, creditIdentities } from '../credit/crediting.ts';
import type { FactSelection } from '../credit/fact-selection.ts';
import type { Subject } from '../credit/followed-change.repository.ts';
import { type IdentityTouches, identityTouchesAfter, readIdentityTouches } from '../credit/identity-touches.ts';
import type { Rules } from './settings.repository.ts';

/** What is read of one kind of subject, and what follows from it. */
export interface BackfillStage<Fact> {
  readonly subject: Subject;
  idOf(fact: Fact): string;
  /** Those that come after one, by their ids. */
  selectAfter(after: string, atMost: number, rules: Rules): FactSelection<Fact>;
  /** Some of them as they are now. */
  read(manager: EntityManager, ids: readonly string[], rules: Rules): Promise<Fact[]>;
  credit(manager: EntityManager, facts: readonly Fact[], rules: Rules, dataVersion: number): Promise<unknown>;
}

export const dealStage: BackfillStage<CreditableDeal> = {
  subject: 'deals',
  idOf: ({ dealId }) => dealId,
  selectAfter: (after, atMost, { settings }) => creditableDealsAfter(after, atMost, settings),
  read: (manager, ids, { settings }) => readCreditableDeals(manager, ids, settings),
  credit: creditDeals,
};

export const identityStage: BackfillStage<IdentityTouches> = {
  subject: 'identities',
  idOf: ({ identityId }) => identityId,
  selectAfter: (after, atMost, { rulesVersion }) => identityTouchesAfter(after, atMost, rulesVersion),
  read: (manager, ids, { rulesVersion }) => readIdentityTouches(manager, ids, rulesVersion),
  credit: creditIdentities,
};
